"""Searching without a trace: what is searched for is mostly somebody's name, and addresses are kept by
browsers, proxies and logs. A search is sent as a form, and its address carries the word encrypted."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Flask, g, request, url_for
from werkzeug.datastructures import MultiDict

from portal.errors import SealBroken
from portal.tenancy.keys import keyring
from portal.terms import Term
from portal.web.forms import searched

T = TypeVar("T", bound=Term)

PRIVATE = ("q", "name")
"""The fields of a search that hold a name."""
TO = "to"
"""The field that says which list is searched."""
_MARK = "~"


def init_app(app: Flask) -> None:
    """Let templates write addresses of searches."""
    app.jinja_env.globals.update(covered_search=cover)


def _purpose() -> str:
    return f"search.{g.actor.user_id}" if g.actor else "search"


def cover(text: str | None) -> str | None:
    """A search as it stands in an address: only the reader herself gets it back. None for no search."""
    return _MARK + keyring.wrap(text.encode(), purpose=_purpose()) if text else None


def sought(field: str = "q") -> str:
    """What is searched for: the covered word of the address, or plain text somebody typed there."""
    word = request.values.get(field, "")
    if not word.startswith(_MARK):
        return searched(word)
    try:
        return searched(keyring.unwrap(word[len(_MARK) :], purpose=_purpose()).decode())
    except SealBroken:
        return ""


def asked() -> MultiDict[str, str]:
    """The fields of the address as they were typed, for a form that filters by more than a name."""
    fields = MultiDict(request.args)
    for field in PRIVATE:
        if field in fields:
            fields[field] = sought(field)
    return fields


def chosen(term: type[T], field: str) -> T | None:
    """The term that a field of the address names; None for no word or another one."""
    word = request.args.get(field)
    return next((one for one in term if one.value == word), None)


def is_inside(wanted: str) -> bool:
    """Whether an address is a path of this site."""
    parts = urlsplit(wanted)
    return wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc


def address_of_search() -> str:
    """Where a search that was sent leads: the list it names, with every field, names covered."""
    wanted = request.form.get(TO, "")
    path = urlsplit(wanted).path if is_inside(wanted) else url_for("home.index")
    kept = [
        (name, cover(searched(value)) if name in PRIVATE else value)
        for name, value in request.form.items(multi=True)
        if name not in (TO, "csrf_token") and value.strip()
    ]
    query = urlencode([(name, value) for name, value in kept if value])
    return f"{path}?{query}" if query else path
