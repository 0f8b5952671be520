"""Making the real request of a cell, and reading every byte of the answer."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from typing import Any

from flask import url_for
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from portal.terms import PairingEnd
from tests.factories.world import DAY
from tests.permissions.estate import Estate
from tests.permissions.matrix import Case, named
from tests.permissions.seats import Seat

UNKNOWN = uuid.UUID("00000000-0000-4000-8000-000000000000")
MISSING = uuid.UUID("00000000-0000-4000-8000-000000000001")
"""What an address names beside a child or unit, and what is not there."""
UNKNOWN_CODE = {"code": "990009-S1", "far": "990002-S1"}


def code_of(estate: Estate, label: str) -> str:
    """The division code of a unit named by a relation."""
    if label in ("far", "unknown"):
        return UNKNOWN_CODE["far" if label == "far" else "code"]
    return getattr(estate.world.near, label).code


def id_of(estate: Estate, thing: str, label: str) -> uuid.UUID:
    """The public id of a child, pairing or batch named by a relation."""
    if label == "unknown":
        return UNKNOWN
    if thing == "child":
        return estate.world.children[label].public_id
    if thing == "batch":
        return estate.batches[label]
    return (estate.by_village if label == "by village" else estate.world.pairings[label]).public_id


def note_of(estate: Estate, label: str | None) -> uuid.UUID:
    """The public id of a child's sensitive note."""
    return UNKNOWN if label in (None, "unknown") else estate.notes[label]


def address(estate: Estate, case: Case, seat: Seat | None) -> tuple[str, str]:
    """The URL of a cell, and the word in it that names the thing."""
    label = named(case, seat) if case.thing else None
    arguments: dict[str, Any] = {"filename": "img/mark.svg"} if case.endpoint == "static" else {}
    word = ""
    if label and case.thing == "unit":
        word = arguments["code"] = code_of(estate, label)
    elif label:
        word = str(id_of(estate, case.thing, label))
        key = "child" if case.endpoint == "visits.new" else f"{case.thing}_id"
        arguments[key] = word
    if case.endpoint == "children.end_note":
        arguments["note_id"] = note_of(estate, named(case, seat))
    if case.endpoint == "pairings.new":
        arguments |= {"code": code_of(estate, seat.place if seat else "school_a"), "kind": "five_elders"}
    if case.endpoint in ("volunteers.apply", "volunteers.applied"):
        arguments["code"] = "990009-S1"
    if case.endpoint == "children.print_card":
        arguments |= {"form": "full", "size": "a4"}
    if case.endpoint == "units.take_back":
        arguments["verb"] = "undo"
    if case.endpoint == "children.edit":
        arguments["group"] = "who"
    for rule in estate.app.url_map.iter_rules(case.endpoint):
        arguments |= {one: MISSING for one in rule.arguments - {*arguments} if one.endswith(("_id", "key"))}
    with estate.app.test_request_context():
        return url_for(case.endpoint, **arguments), word


def form(estate: Estate, case: Case, word: str) -> dict[str, Any]:
    """What a person would send with the request if it were hers to make."""
    day = DAY.isoformat()
    if case.endpoint == "visits.new":
        return {"entry": str(uuid.uuid4()), "kind": "talk", "children": word, "happened_on": day,
                "minutes": "20", "met": "child", "note": "写"}  # fmt: skip
    if case.endpoint == "pairings.new":
        return {"helper": str(estate.spare), "starts_on": day}
    if case.endpoint == "pairings.end":
        return {"reason": next(iter(PairingEnd)).value}
    if case.endpoint == "children.reveal":
        return {"field": "guardian_phone", "purpose": "reach_family", "words": ""}
    if case.endpoint == "children.ask_for_list":
        return {"purpose": "check_figure", "words": ""}
    if case.endpoint == "children.write_note":
        return {"kind": "mind", "summary": "夜里怕黑", "how_to_help": "", "text": ""}
    if case.endpoint == "children.compare":
        return {"number": "11010519491231002X"}
    if case.endpoint == "registers.receive":
        return {"file": (io.BytesIO(b"PK\x03\x04 a workbook"), "roster.xlsx"), "as_of": day}
    return {}


def ask(client: FlaskClient, estate: Estate, case: Case, seat: Seat | None) -> TestResponse:
    """The answer to a cell's request."""
    url, word = address(estate, case, seat)
    if case.method == "GET":
        return client.get(url)
    return client.post(url, data=form(estate, case, word))


def everything(answer: TestResponse) -> str:
    """Headers, redirect, body and, of a workbook every part, of a PDF every word of it, as one text."""
    headers = "\n".join(f"{key}: {value}" for key, value in answer.headers if key != "Set-Cookie")
    body = answer.get_data()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(part) for part in book.namelist())
    if body.startswith(b"%PDF"):
        body = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).encode()
    return headers + "\n" + body.decode("utf-8", errors="replace")


_RANDOM = re.compile(r'(name="(?:csrf_token|entry)"[^>]*value=")[^"]*')


def likeness(answer: TestResponse, word: str) -> tuple[Any, ...]:
    """An answer without what may differ: the name that was asked for, the clock, random form fields.

    Content-Length is left out because a code may be longer than another: the body is compared in full.
    """

    def alike(text: str) -> str:
        return text.replace(f"/units/{word}/", "/units/…/").replace(word, "…" if "-" in word else word)

    kept = {k: alike(v) for k, v in answer.headers if k not in ("Date", "Set-Cookie", "Content-Length")}
    return answer.status_code, kept, alike(_RANDOM.sub(r"\1", answer.get_data(as_text=True)))
