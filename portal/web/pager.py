"""Keyset paging: a page knows where it ended, so the hundredth costs as much as the first."""

from __future__ import annotations

import json
from typing import Any

from flask import request

from portal.errors import SealBroken
from portal.tenancy.keys import keyring


def _purpose() -> str:
    """One per list, so that a key is always one this very list has written."""
    return f"pager.{request.endpoint}"


def encode(key: tuple[Any, ...]) -> str:
    """The last row's sort key as a word for the URL. A key is mostly a name: the word is not readable."""
    return keyring.wrap(json.dumps(key).encode(), purpose=_purpose())


def decode(word: str | None, length: int) -> tuple[Any, ...] | None:
    """The key behind the word; None (the first page) for anything that is not one."""
    if not word:
        return None
    try:
        key = json.loads(keyring.unwrap(word, purpose=_purpose()))
    except SealBroken:
        return None
    return tuple(key) if isinstance(key, list) and len(key) == length else None
