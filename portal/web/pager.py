"""Keyset paging: a page knows where it ended, so the hundredth costs as much as the first."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from flask import request

from portal.errors import SealBroken
from portal.tenancy.keys import keyring


def _place() -> str:
    """Sealed per list, so that a key is always one this very list has written."""
    return f"pager.{request.endpoint}"


def encode(key: tuple[Any, ...]) -> str:
    """The last row's sort key as a sealed word for the URL: a name's pinyin stands in no address or log."""
    sealed = keyring.seal(json.dumps(key), county_id=0, place=_place())
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def decode(word: str | None, length: int) -> tuple[Any, ...] | None:
    """The key behind the word; None (the first page) for anything that is not one."""
    if not word:
        return None
    try:
        sealed = urlsafe_b64decode(word + "=" * (-len(word) % 4))
        key = json.loads(keyring.unseal(sealed, county_id=0, place=_place()))
    except (SealBroken, ValueError):
        return None
    return tuple(key) if isinstance(key, list) and len(key) == length else None
