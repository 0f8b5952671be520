"""Keyset paging: a page knows where it ended, so the hundredth costs as much as the first."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any


def encode(key: tuple[Any, ...]) -> str:
    """The last row's sort key as an opaque word for the URL."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode(word: str | None, length: int) -> tuple[Any, ...] | None:
    """The key behind the word; None (the first page) for anything that is not one."""
    if not word:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    except (ValueError, binascii.Error, UnicodeDecodeError):
        return None
    fits = isinstance(key, list) and len(key) == length
    return tuple(key) if fits and all(isinstance(part, (str, int)) for part in key) else None
