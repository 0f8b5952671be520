"""What of an answer outlives the page: its title, its addresses, its cookie. And what a page must not carry."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote_plus
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse

_ADDRESSES = ("href", "src", "action", "formaction", "poster", "data", "srcset")


def document_of(answer: TestResponse) -> Element | None:
    """The page as a browser reads it; None for what is no page."""
    if answer.mimetype != "text/html":
        return None
    return html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)


def inline_code(answer: TestResponse) -> list[str]:
    """Everything on a page that a strict policy forbids: inline scripts and styles, handlers, script links."""
    page = document_of(answer)
    found = []
    for one in page.iter() if page is not None else ():
        if not isinstance(one.tag, str):
            continue
        if one.tag == "style" or (
            one.tag == "script" and ("src" not in one.attrib or (one.text or "").strip())
        ):
            found.append(f"<{one.tag}>")
        for name, value in one.attrib.items():
            is_script = value.strip().lower().startswith(("javascript:", "vbscript:"))
            if name == "style" or name.startswith("on") or is_script:
                found.append(f"<{one.tag} {name}={value!r}>")
    return found


def title_of(answer: TestResponse) -> str:
    page = document_of(answer)
    titles = [one.text or "" for one in page.iter("title")] if page is not None else []
    return " ".join(titles)


def addresses_of(answer: TestResponse) -> Iterator[str]:
    """Where an answer leads: the redirect and every address on the page. A call (tel:) is no address that
    anybody keeps: the browser hands it to the telephone."""
    found = [answer.headers.get("Location", ""), answer.headers.get("Refresh", "")]
    page = document_of(answer)
    for one in page.iter() if page is not None else ():
        found += [one.attrib[name] for name in _ADDRESSES if name in one.attrib]
    return (one for one in found if one and not one.startswith(("tel:", "data:")))


def cookie_of(answer: TestResponse) -> str:
    return " ".join(answer.headers.getlist("Set-Cookie"))


def legible(text: str) -> str:
    """A text with everything in it that a curious reader decodes without a key: percent signs, base64, zlib."""
    read = [text, unquote_plus(text)]
    for word in re.findall(r"[A-Za-z0-9_+/-]{8,}", read[1]):
        for start in range(4):
            part = word[start:]
            try:
                raw = base64.b64decode(
                    part + "=" * (-len(part) % 4), altchars=b"-_" if "-" in part or "_" in part else b"+/"
                )
            except (binascii.Error, ValueError):
                continue
            read.append(raw.decode("utf-8", errors="replace"))
            with suppress(zlib.error):
                read.append(zlib.decompress(raw).decode("utf-8", errors="replace"))
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), "\n".join(read))
