"""Keyset paging: a page knows where it ended, so the hundredth costs as much as the first."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer


def _words() -> URLSafeSerializer:
    """Signed per list, so that a key is always one this very list has written."""
    return URLSafeSerializer(current_app.secret_key or "", salt=f"pager.{request.endpoint}")


def encode(key: tuple[Any, ...]) -> str:
    """The last row's sort key as an opaque word for the URL."""
    return str(_words().dumps(key))


def decode(word: str | None, length: int) -> tuple[Any, ...] | None:
    """The key behind the word; None (the first page) for anything that is not one."""
    if not word:
        return None
    try:
        key = _words().loads(word)
    except BadSignature:
        return None
    return tuple(key) if isinstance(key, list) and len(key) == length else None
