"""Paper: a whole HTML page as PDF. WeasyPrint is loaded when first asked for, and fetches nothing."""

from __future__ import annotations

from typing import Any

from portal.errors import ScopeError


def pdf_of(page: str) -> bytes:
    """The PDF of an HTML page with its styles inside and its pictures as data addresses."""
    from weasyprint import HTML

    return bytes(HTML(string=page, url_fetcher=_inside_only).write_pdf() or b"")


def _inside_only(address: str, *arguments: Any, **options: Any) -> Any:
    from weasyprint import default_url_fetcher

    if not address.startswith("data:"):
        raise ScopeError("a page for paper fetches nothing")
    return default_url_fetcher(address, *arguments, **options)
