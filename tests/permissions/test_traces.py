"""What outlives a page holds no word of a child (T26): addresses, titles, cookies, error pages, the log."""

from __future__ import annotations

import logging

import pytest

from tests.factories.world import Canary
from tests.permissions.asking import ask, everything
from tests.permissions.conftest import Clients
from tests.permissions.estate import Estate
from tests.permissions.matrix import CASES, expected
from tests.permissions.reading import addresses_of, cookie_of, legible, title_of
from tests.permissions.seats import SEATS, Seat

WALKERS = [seat for seat in SEATS if seat.username in {
    "committee_office_county", "township_coordinator_township", "child_director_village",
    "school_coordinator_school", "class_teacher_school", "volunteer_school",
}]  # fmt: skip
OWN_WORDS = {400, 409}
"""Answers that show the reader's own page again, with a sentence about what is missing."""


def _words(estate: Estate) -> set[str]:
    """Every word of every child but the file number, by which a page may be called."""
    files = {canary.case_no for canary in [*estate.world.canaries.values(), *estate.rosters.values()]}
    return estate.all_words - files


@pytest.mark.parametrize("seat", WALKERS, ids=lambda seat: seat.username)
def test_no_word_of_a_child_outlives_the_page(
    sqlite_estate: Estate, clients: Clients, seat: Seat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    words, client, wrong = _words(sqlite_estate), clients.of(sqlite_estate, seat), []
    last, met = ["accounts.offer_second", "accounts.logout"], set()
    for case in sorted(CASES, key=lambda case: last.index(case.endpoint) if case.endpoint in last else -1):
        status = expected(sqlite_estate.app, case, seat)
        if status is None or (case.endpoint, case.method, status) in met:
            continue
        met.add((case.endpoint, case.method, status))
        answer = ask(client, sqlite_estate, case, seat)
        kept = {
            "title": title_of(answer),
            "address": legible("\n".join(addresses_of(answer))),
            "cookie": legible(cookie_of(answer)),
        }
        if answer.status_code >= 400 and answer.status_code not in OWN_WORDS:
            kept["error page"] = everything(answer)
        for where, text in kept.items():
            if found := sorted(word for word in words if word in text):
                wrong.append((case.method, case.endpoint, answer.status_code, where, found))
        if answer.status_code == 302:
            client.get("/")  # where the message of a done act is read
    clients.forget(sqlite_estate, seat)
    assert wrong == []
    logged = legible(caplog.text)
    assert [word for word in words if word in logged] == []


def test_a_curious_reader_of_this_file_would_find_them() -> None:
    """Without this the silence would prove nothing: what is only encoded is read."""
    from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

    name = Canary(7).name
    for encoded in (
        URLSafeSerializer("x").dumps([name, 7]),
        URLSafeTimedSerializer("x").dumps({"_flashes": [["ok", f"{name} is paired" * 9]]}),
        "/units/1/children/?q=%E9%9B%80%E9%9B%B6%E6%9F%92",
    ):
        assert name in legible(encoded)


def test_a_search_leaves_no_name_in_an_address(sqlite_estate: Estate, clients: Clients) -> None:
    """Sent as a form, found all the same, and the covered word is nothing to another reader."""
    seat = next(seat for seat in SEATS if seat.username == "school_coordinator_school")
    other = next(seat for seat in SEATS if seat.username == "principal_school")
    client, name = clients.of(sqlite_estate, seat), sqlite_estate.world.canaries["a1"].name
    list_url = f"/units/{sqlite_estate.world.near.school_a.code}/children/"
    sent = client.post("/search", data={"to": list_url, "q": name, "class": ""})
    assert sent.status_code == 302
    assert sent.location.startswith(list_url + "?q=")
    assert name not in legible(sent.location)
    page = client.get(sent.location)
    assert f'value="{name}"' in page.text
    assert page.text.count("/children/") >= 1
    assert sqlite_estate.world.canaries["a2"].name not in page.text
    assert name not in legible("\n".join(addresses_of(page)))
    theirs = clients.of(sqlite_estate, other).get(sent.location).text
    assert f'value="{name}"' not in theirs
    assert sqlite_estate.world.canaries["a2"].name in theirs, "to her it is the whole list"


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere", "", "x"]
)
def test_a_search_leads_nowhere_else(sqlite_estate: Estate, clients: Clients, wanted: str) -> None:
    seat = next(seat for seat in SEATS if seat.username == "school_coordinator_school")
    sent = clients.of(sqlite_estate, seat).post("/search", data={"to": wanted, "q": "x"})
    assert sent.location.startswith("/?q=")
