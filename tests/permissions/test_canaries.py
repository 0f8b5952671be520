"""Canaries: the words of a child appear where they may, and nowhere else."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterator

import pytest
from flask import url_for

from portal.tenancy.permissions import GRANTS, Permission
from tests.permissions.asking import UNKNOWN, everything
from tests.permissions.conftest import Clients
from tests.permissions.estate import OWN_NOTE, Estate
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
        "session_id": [{"session_id": UNKNOWN}],
        "filename": [{"filename": "img/mark.svg"}],
        "code person_id": [{"code": code, "person_id": UNKNOWN} for code in codes],
        "code post_id": [{"code": code, "post_id": UNKNOWN} for code in codes],
        "change_id code verb": [{"code": code, "change_id": UNKNOWN, "verb": "undo"} for code in codes],
    }
    with estate.app.test_request_context():
        for rule in estate.app.url_map.iter_rules():
            for arguments in things[" ".join(sorted(rule.arguments))]:
                yield url_for(rule.endpoint, **arguments)


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


def test_the_county_reads_numbers_and_no_name(sqlite_estate: Estate, clients: Clients) -> None:
    client = clients.of(sqlite_estate, _seat("committee_office_county"))
    near = sqlite_estate.world.near
    for unit in (near.county, near.town_a, near.school_a):
        text = everything(client.get(f"/units/{unit.code}/reports/")) + everything(
            client.get(f"/api/v1/units/{unit.code}/rollup?period=2025-06")
        )
        assert [word for word in sqlite_estate.all_words if word in text] == []
