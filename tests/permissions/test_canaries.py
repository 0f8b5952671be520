"""Canaries: the words of a child appear where they may, and nowhere else."""

from __future__ import annotations

import base64
import html
import json
import re
import sys
from collections.abc import Callable, Iterator
from urllib.parse import quote_plus, unquote_plus

import pytest
from flask import url_for
from werkzeug.test import TestResponse

from portal.extensions import db
from portal.services.children import masked
from portal.services.units import get_unit
from portal.tenancy.masks import Mask, masked_phone
from portal.tenancy.names import person_name_key
from portal.tenancy.permissions import GRANTS, Permission
from portal.tenancy.roles import Role
from portal.terms import FileField, ListPurpose, UnitKind
from tests.acting import acting
from tests.permissions.asking import UNKNOWN, address, everything, likeness
from tests.permissions.conftest import Clients
from tests.permissions.estate import OWN_NOTE, Estate
from tests.permissions.matrix import CASES, expected
from tests.permissions.seats import SEATS, Seat

TOWN_B = ("town_b", "village_b1", "village_b2", "school_b")
CHILDREN_OF_B = ("b1", "b2", "boarder", "a1b")


def _seat(username: str) -> Seat:
    return next(seat for seat in SEATS if seat.username == username)


def _urls_of_town_b(estate: Estate) -> Iterator[str]:
    """Every URL that exists for the children of township b, their units, pairings and rosters."""
    world = estate.world
    children = [world.children[label] for label in CHILDREN_OF_B]
    codes = [getattr(world.near, place).code for place in TOWN_B]
    things: dict[str, list[dict[str, object]]] = {
        "code": [{"code": code} for code in codes],
        "child_id": [{"child_id": child.public_id} for child in children],
        "pairing_id": [{"pairing_id": world.pairings[label].public_id} for label in CHILDREN_OF_B],
        "batch_id": [{"batch_id": estate.batches["school_b"]}],
        "child_id note_id": [
            {"child_id": world.children[label].public_id, "note_id": estate.notes[label]}
            for label in CHILDREN_OF_B
        ],
        "child_id code": [{"code": code, "child_id": c.public_id} for code in codes for c in children],
        "": [{"child": child.public_id} for child in children],
        "filename": [{"filename": "img/mark.svg"}],
    }
    beside = {"verb": "undo", "group": "who", "key": UNKNOWN, "form": "full", "size": "a6"}
    with estate.app.test_request_context():
        for rule in estate.app.url_map.iter_rules():
            known = [one for one in things if set(one.split()) <= rule.arguments]
            for arguments in things[max(known, key=len)]:
                rest = {one: beside.get(one, UNKNOWN) for one in rule.arguments - {*arguments}}
                yield url_for(rule.endpoint, **arguments, **rest)


def _asked(estate: Estate, clients: Clients, seat: Seat, urls: Iterator[str]) -> Iterator[tuple[str, str]]:
    client = clients.of(estate, seat)
    for url in urls:
        if not url.startswith("/logout"):
            yield url, everything(client.get(url))
            yield url, everything(client.post(url))


@pytest.mark.parametrize("username", ["volunteer_school", "volunteer_village", "volunteer_township"])
def test_a_volunteer_gets_no_byte_of_another_townships_children(
    sqlite_estate: Estate, clients: Clients, username: str, record_property: Callable[[str, object], None]
) -> None:
    words = {word for label in CHILDREN_OF_B for word in sqlite_estate.world.canaries[label].words}
    words |= set(sqlite_estate.rosters["school_b"].words)
    asked, foreign = 0, 0
    for _url, text in _asked(sqlite_estate, clients, _seat(username), _urls_of_town_b(sqlite_estate)):
        asked += 1
        foreign += sum(len(word.encode()) * text.count(word) for word in words)
    clients.forget(sqlite_estate, _seat(username))  # she has posted to everything, her own account too
    record_property("requests", asked)
    record_property("bytes_of_another_townships_children", foreign)
    sys.stdout.write(f"{username}: {asked} requests, bytes of another township's children: {foreign}\n")
    assert asked > 100
    assert foreign == 0


def test_the_canaries_sing_where_they_may(sqlite_estate: Estate, clients: Clients) -> None:
    """Without this the tests for silence would prove nothing."""
    world = sqlite_estate.world
    child, canary = world.children["a1"], world.canaries["a1"]
    page = clients.of(sqlite_estate, _seat("school_coordinator_school")).get(f"/children/{child.public_id}/")
    for word in (canary.name, canary.case_no, canary.note, canary.guardian, canary.parent):
        assert word in page.text, word
    roster = f"/registers/{sqlite_estate.batches['school_a']}/"
    shown = clients.of(sqlite_estate, _seat("school_coordinator_school")).get(roster)
    assert sqlite_estate.rosters["school_a"].name in shown.text


def test_a_volunteers_card_is_short(sqlite_estate: Estate, clients: Clients) -> None:
    """Her own child, her own words, the guardian; no number, address, health, file number or parent."""
    world = sqlite_estate.world
    client, canary = clients.of(sqlite_estate, _seat("volunteer_school")), world.canaries["a1"]
    card = client.get(f"/children/{world.children['a1'].public_id}/").text
    assert canary.name in card
    assert OWN_NOTE.note in card
    for text in (card, client.get("/").text, client.get("/visits/").text, client.get("/visits/new").text):
        assert [word for word in (*canary.sensitive, canary.note) if word in text] == []


def test_nobody_is_shown_the_digits_of_a_childs_number(sqlite_estate: Estate, clients: Clients) -> None:
    numbers = [canary.id_no for canary in sqlite_estate.world.canaries.values()]
    for seat in (seat for seat in SEATS if Permission.CHILD_FILE_READ in GRANTS[seat.role]):
        client = clients.of(sqlite_estate, seat)
        for child in sqlite_estate.world.children.values():
            text = client.get(f"/children/{child.public_id}/").text
            assert [one for one in numbers if one in text or one[-8:] in text] == []


def _word(*key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


QUERIES = [
    "q=que", "q=%25", "q=_", "q=|q", "side=both", "side=school&q=que", f"after={_word('', 0)}",
    f"after={_word(0, 10**30)}", "after=%FF", "basis=official&period=2025-06", "period=9999-99",
]  # fmt: skip


@pytest.mark.parametrize(
    "username",
    ["school_coordinator_school", "child_director_village", "township_coordinator_township", "volunteer_school"],
)  # fmt: skip
def test_no_search_filter_or_page_key_reaches_another_child(
    sqlite_estate: Estate, clients: Clients, username: str
) -> None:
    seat = _seat(username)
    hidden = sqlite_estate.all_words - sqlite_estate.visible(seat)
    client, code = clients.of(sqlite_estate, seat), seat.unit(sqlite_estate.world.near).code
    pages = [f"/units/{code}/{room}/" for room in ("children", "pairings", "reports", "registers")]
    for page in [*pages, "/visits/", f"/api/v1/units/{code}/rollup"]:
        for query in QUERIES:
            answer = client.get(f"{page}?{query}")
            assert answer.status_code in (200, 400, 403), (page, query)
            assert [word for word in hidden if word in everything(answer)] == [], (page, query)


Page = tuple[str, str, str]
_read: dict[str, list[Page]] = {}


def _pages(estate: Estate, clients: Clients, seat: Seat) -> list[Page]:
    """Every page a seat may open, with the masked lists behind the figures it may ask for: (endpoint, url,
    text), read once."""
    if seat.username not in _read:
        _open_lists(estate, seat)
        client = clients.of(estate, seat)
        _read[seat.username] = [
            (endpoint, url, html.unescape(everything(client.get(url))))
            for endpoint, url in _urls(estate, seat)
        ]
    return _read[seat.username]


def _urls(estate: Estate, seat: Seat) -> Iterator[tuple[str, str]]:
    """(endpoint, url) of the matrix, and pages that name children only in the middle of something else."""
    for case in CASES:
        wanted = expected(estate.app, case, seat)
        if case.method == "GET" and wanted in (200, 302) and case.endpoint not in WITHOUT_PAGES:
            yield case.endpoint, address(estate, case, seat)[0]
    near, helper = estate.world.near, estate.people["volunteer_school"].public_id
    for act in ("", "/handover"):
        yield "accounts.hand_over", f"/units/{near.school_a.code}/people/{helper}{act}"
    for place in (near.village_a1, near.school_a):
        yield "units.split", f"/units/{place.code}/tree/split"


WITHOUT_PAGES = ("children.call", "static", "accounts.enrol", "accounts.second")


def _open_lists(estate: Estate, seat: Seat) -> None:
    """Say for every unit in reach what its list is needed for, as the form would."""
    if Permission.CHILD_MASKED_READ in GRANTS[seat.role]:
        with acting(estate.app, seat.username) as actor:
            for place in ("town_a", "school_a", "school_b", "village_a1", "village_a2"):
                unit = getattr(estate.world.near, place)
                if actor.reaches(unit):
                    found = get_unit(actor, unit.code)
                    masked.ask(found, actor=actor, purpose=ListPurpose.SPOT_CHECK)
            db.session.commit()


@pytest.mark.parametrize("seat", SEATS, ids=lambda seat: seat.username)
def test_every_page_shows_each_field_as_the_table_says(
    sqlite_estate: Estate, clients: Clients, seat: Seat
) -> None:
    """Both ways: what the table covers is on no page, what it shows is on one."""
    far_below = seat.kind is UnitKind.COUNTY and seat.role is not Role.VOLUNTEER  # asks at school b
    canary = sqlite_estate.world.canaries["b2" if far_below else "a1"]
    text = "\n".join(text for _endpoint, _url, text in _pages(sqlite_estate, clients, seat))
    opens = Permission.CHILD_FILE_READ in GRANTS[seat.role]
    staff = opens and seat.role is not Role.VOLUNTEER
    drills = Permission.CHILD_MASKED_READ in GRANTS[seat.role]
    shows = seat.shows
    on_file = masked_phone(canary.phone)
    said = {
        "name": (canary.name, opens and shows(FileField.NAME, Mask.CLEAR)),
        "masked name": ("雀○○", drills and shows(FileField.NAME, Mask.COVERED)),
        "case number": (canary.case_no, staff or (drills and shows(FileField.NAME, Mask.NEVER))),
        "phone": (canary.phone, staff and shows(FileField.GUARDIAN_PHONE, Mask.CLEAR)),
        "masked phone": (on_file, staff and shows(FileField.GUARDIAN_PHONE, Mask.COVERED)),
        "address": (canary.address, staff and shows(FileField.ADDRESS, Mask.CLEAR)),
        "village group": ("雀巢路", staff and shows(FileField.ADDRESS, Mask.CLEAR, Mask.PART)),
        "note in short": (canary.summary, staff and shows(FileField.NOTE, Mask.CLEAR, Mask.PART)),
        "how to help": (canary.help, staff and shows(FileField.NOTE, Mask.CLEAR, Mask.PART)),
        "note": (canary.health, staff and shows(FileField.NOTE, Mask.CLEAR)),
        "ID number": (canary.id_no, False),
    }
    assert {field: word in text for field, (word, _wanted) in said.items()} == {
        field: wanted for field, (_word, wanted) in said.items()
    }


@pytest.mark.parametrize("seat", SEATS, ids=lambda seat: seat.username)
def test_no_title_and_no_address_names_a_child(sqlite_estate: Estate, clients: Clients, seat: Seat) -> None:
    canaries = sqlite_estate.world.canaries.values()
    names = {canary.name for canary in canaries} | {person_name_key(canary.name) for canary in canaries}
    words = names | {word for canary in canaries for word in (canary.phone, canary.id_no, canary.guardian)}
    for endpoint, url, text in _pages(sqlite_estate, clients, seat):
        titles = re.findall(r"<title>(.*?)</title>", text, re.DOTALL)
        links = [unquote_plus(link) for link in re.findall(r'(?:href|action|src)="([^"]*)"', text)]
        found = [word for word in words for one in (*titles, *links, unquote_plus(url)) if word in one]
        assert found == [], (endpoint, found)


PREFIXES = [("雀零壹", "鸦零壹"), ("雀零", "鸦零"), ("queling", "zzzzing")]
WITHOUT_NAMES = [s for s in SEATS if Permission.CHILD_FILE_READ not in GRANTS[s.role] and s.is_first]


@pytest.mark.parametrize("seat", WITHOUT_NAMES, ids=lambda seat: seat.username)
def test_who_sees_no_name_finds_none_by_asking_for_its_beginning(
    sqlite_estate: Estate, clients: Clients, seat: Seat
) -> None:
    """The true beginning of a name and a wrong one get the same answer, whatever the field is called. (The
    surname alone is what the masked list shows.)"""
    _open_lists(sqlite_estate, seat)
    client = clients.of(sqlite_estate, seat)
    of_each = dict(_urls(sqlite_estate, seat))
    for url in of_each.values():
        for pair in PREFIXES:
            asked = [dict.fromkeys(("q", "search", "name"), word) for word in pair]
            true, wrong = (
                _without(client.get(url, query_string=query), word)
                for query, word in zip(asked, pair, strict=True)
            )
            assert true == wrong, (url, pair)


def _without(answer: TestResponse, word: str) -> str:
    _status, _headers, body = likeness(answer, word)
    body = re.sub(r"after=[\w-]+", "after=…", str(body))  # the key of the next page is sealed anew each time,
    body = re.sub(r"~[\w-]{40,}", "…", body)  # and so is the word of a search in an address
    return body.replace(quote_plus(word), "…").replace(word, "…")


def test_the_county_reads_numbers_and_no_name(sqlite_estate: Estate, clients: Clients) -> None:
    client = clients.of(sqlite_estate, _seat("committee_office_county"))
    near = sqlite_estate.world.near
    for unit in (near.county, near.town_a, near.school_a):
        text = everything(client.get(f"/units/{unit.code}/reports/")) + everything(
            client.get(f"/api/v1/units/{unit.code}/rollup?period=2025-06")
        )
        assert [word for word in sqlite_estate.all_words if word in text] == []
