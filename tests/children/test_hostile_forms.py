"""Every form of the children's room against hostile and honest mistakes (security design, T10).

The forms are read from the pages themselves: each field in turn is sent each wrong word, the others as a person
would have filled them in. Never a 500, no trace of the inside, and what stood in the other fields stays there.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.extensions import db
from portal.web.transaction import PortalFlask
from tests.children.seated import of_child, seat_the_world
from tests.clients import sign_in
from tests.factories.world import World

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
"""The stricter of the two: it refuses NUL, overlong numbers and impossible dates itself."""

WORDS = [
    "", " ", "\0", "a\0b", "x" * 10_000, "𠮷野家🙂\u202e", "１２３", "-1", "9" * 400, "1e9", "NaN", "1900-02-29",
    "2025-02-31", "9999-12-31", "0001-01-01", "<script>alert(1)</script>", "{{7*7}}", "' OR 1=1 --",
    "a\r\nSet-Cookie: x=1", "../../etc/passwd", "%F0%28%8C%28", "11010519491231002X", "买买提·艾合买提",
]  # fmt: skip

FORMS = [
    ("director", "care/guardian"), ("teacher", "care/assess"), ("director", "care/agreement"),
    ("teacher", "care/contact"), ("coord", "priority"), ("coord", "plans/new"), ("director", "events/new"),
    ("coord", "transfers/new"), ("director", "notes/new"), ("director", "card/confirm"),
    ("director", "keeping/consents/new"), ("director", "keeping/requests/new"), ("director", "papers/new"),
    *(("director", f"file/{group}") for group in ("who", "family", "father", "contacts")),
    *(("coord", f"file/{group}") for group in ("school", "needs")),
]  # fmt: skip
OF_A_UNIT = [
    ("office", "/units/{county}/children/rules"), ("office", "/units/{county}/children/census/open"),
    ("coord", "/units/{school}/children/new"), ("director", "/units/{village}/children/new"),
]  # fmt: skip
SEALED = frozenset({"begun"})
"""What the page itself carries, sealed; who breaks the seal is told to begin again."""
NEVER_SHOWN = frozenset({"id_no"})
"""No digit of an ID number stands on any page, not even one just typed."""


@dataclass
class Sent:
    """What a person would send from a page: per field its value, and what she has typed herself."""

    values: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


def read_form(page: str) -> Sent:
    """The fields of the page's main form, text filled in where it is empty, else the first choice."""
    body = page[page.index("<main") :]
    body = body[body.index('<form class="sw-form') :]
    body = body[: body.index("</form>")]
    sent = Sent()
    for number, tag in enumerate(re.findall(r"<(?:input|textarea)[^>]*>", body)):
        told = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        name, kind = told.get("name", ""), told.get("type", "text")
        if not name or name == "csrf_token" or kind == "file":
            continue
        value = html.unescape(told.get("value", ""))
        if kind in ("radio", "checkbox"):
            sent.values.setdefault(name, value)
        elif kind in ("hidden", "date", "number"):
            sent.values[name] = value
        else:
            sent.values[name] = sent.typed[name] = value or f"字{number}"
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option selected[^>]*value="([^"]*)"', options) or re.search(
            r'value="([^"]+)"', options
        )
        sent.values[name] = chosen.group(1) if chosen else ""
    return sent


def attack(client: FlaskClient, address: str) -> int:
    """Send every field every word; how many requests."""
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    sent, asked = read_form(page.text), 0
    assert sent.values, address
    for name in sent.values:
        for word in WORDS:
            answer = client.post(address, data=sent.values | {name: word})
            asked += 1
            assert answer.status_code < 500, (address, name, word[:30])
            text = html.unescape(answer.text)
            assert "Traceback" not in text
            assert "<script>alert(1)" not in answer.text
            if answer.status_code == 400 and name not in SEALED:
                lost = [
                    one
                    for key, one in sent.typed.items()
                    if key not in (name, *NEVER_SHOWN) and one not in text
                ]
                assert lost == [], (address, name, word[:30])
    return asked


@pytest.fixture
def world(app: Flask, monkeypatch: pytest.MonkeyPatch) -> World:
    """Nothing that was accepted is kept, so that every request meets the same file."""
    built = seat_the_world(app)
    monkeypatch.setattr(PortalFlask, "_finish", staticmethod(lambda response: db.session.rollback()))
    return built


@pytest.mark.parametrize(("who", "act"), FORMS)
def test_a_form_about_a_child(app: Flask, world: World, who: str, act: str) -> None:
    assert attack(sign_in(app, who), of_child(world, act)) >= len(WORDS)


@pytest.mark.parametrize(("who", "address"), OF_A_UNIT)
def test_a_form_of_a_unit(app: Flask, world: World, who: str, address: str) -> None:
    near = world.near
    codes: dict[str, Any] = {
        "county": near.county.code,
        "school": near.school_a.code,
        "village": near.village_a1.code,
    }
    assert attack(sign_in(app, who), address.format(**codes)) >= len(WORDS)
