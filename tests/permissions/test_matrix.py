"""The access matrix: written down, worked out, and asked for, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.tenancy.permissions import GRANTS, Permission, permission_table
from portal.tenancy.roles import Role
from tests.permissions.asking import address, ask, everything, likeness
from tests.permissions.conftest import Clients
from tests.permissions.estate import Estate
from tests.permissions.matrix import CASES, FAR_AWAY, HEAD, Case, expected, named, table, written
from tests.permissions.page import PAGE, page
from tests.permissions.seats import SEATS, Seat

WHO: list[Seat | None] = [None, *SEATS]
"""Nobody, and every role at every kind of unit where it may be held."""

ON_BOTH_ENGINES = [seat for seat in SEATS if seat.username in {
    "committee_office_county", "township_coordinator_township", "child_director_village",
    "school_coordinator_school", "volunteer_school",
}]  # fmt: skip


def _name(seat: Seat | None) -> str:
    return seat.username if seat else "anonymous"


def test_every_address_and_method_has_its_rows(sqlite_app: Flask) -> None:
    """A new route without a row in the matrix fails here."""
    there = {
        (rule.endpoint, method)
        for rule in sqlite_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(case.endpoint, case.method) for case in CASES} == there


def test_the_written_matrix_is_what_grants_and_the_rule_say(sqlite_app: Flask) -> None:
    """If this fails, run `python -m tests.permissions.matrix` and read the diff as a reviewer."""
    head, *rows = written()
    assert head == HEAD
    assert rows == table(sqlite_app)


def _cells(estate: Estate, seat: Seat | None) -> Iterator[tuple[Case, int]]:
    """The cells of a seat; what changes her sign-in comes last."""
    last = ["accounts.offer_second", "accounts.logout"]
    for case in sorted(CASES, key=lambda case: last.index(case.endpoint) if case.endpoint in last else -1):
        wanted = expected(estate.app, case, seat)
        if wanted is not None:
            yield case, wanted


def _check(estate: Estate, clients: Clients, seat: Seat | None) -> None:
    """Every cell of a seat: the status, and no word of a child out of its sight."""
    hidden = estate.all_words - estate.visible(seat)
    client, wrong = clients.of(estate, seat), []
    for case, wanted in _cells(estate, seat):
        answer = ask(client, estate, case, seat)
        text = everything(answer)
        leaked = sorted(word for word in hidden - estate.uncovered(seat, case.endpoint) if word in text)
        if answer.status_code != wanted or leaked:
            wrong.append((case.method, case.endpoint, case.relation, wanted, answer.status_code, leaked))
    clients.forget(estate, seat)
    assert wrong == []


@pytest.mark.parametrize("seat", WHO, ids=_name)
def test_every_cell_answers_as_written_and_shows_no_other_child(
    sqlite_estate: Estate, clients: Clients, seat: Seat | None
) -> None:
    _check(sqlite_estate, clients, seat)


@pytest.mark.parametrize("seat", ON_BOTH_ENGINES, ids=_name)
def test_the_cells_answer_alike_on_postgresql(
    postgresql_estate: Estate, clients: Clients, seat: Seat
) -> None:
    _check(postgresql_estate, clients, seat)


@pytest.mark.parametrize("seat", SEATS, ids=_name)
def test_another_countys_thing_answers_byte_for_byte_like_one_that_does_not_exist(
    sqlite_estate: Estate, clients: Clients, seat: Seat
) -> None:
    client, differing = clients.of(sqlite_estate, seat), []
    for case in CASES:
        if case.relation == FAR_AWAY[0]:
            pair = [case, next(o for o in CASES if _same_request(case, o) and o.relation == FAR_AWAY[1])]
            words = [address(sqlite_estate, one, seat)[1] for one in pair]
            answers = [ask(client, sqlite_estate, one, seat) for one in pair]
            far, none = (likeness(a, word) for a, word in zip(answers, words, strict=True))
            if far != none:
                differing.append((case.method, case.endpoint))
    assert differing == []


def _same_request(one: Case, other: Case) -> bool:
    return (one.endpoint, one.method, one.thing) == (other.endpoint, other.method, other.thing)


@pytest.mark.parametrize("seat", [s for s in SEATS if s.kind.value in ("village", "school")], ids=_name)
def test_a_neighbours_thing_answers_byte_for_byte_like_one_that_does_not_exist(
    sqlite_estate: Estate, clients: Clients, seat: Seat
) -> None:
    client, differing = clients.of(sqlite_estate, seat), []
    for case in CASES:
        if case.relation in ("beside", "another township's", "above") and named(case, seat):
            none = next(o for o in CASES if _same_request(case, o) and o.relation == FAR_AWAY[1])
            seen = [
                likeness(ask(client, sqlite_estate, one, seat), address(sqlite_estate, one, seat)[1])
                for one in (case, none)
            ]
            if seen[0] != seen[1]:
                differing.append((case.method, case.endpoint, case.relation))
    assert differing == []


def test_head_and_options_give_away_no_more_than_get(sqlite_estate: Estate, clients: Clients) -> None:
    seat = next(seat for seat in SEATS if seat.username == "class_teacher_school")
    client = clients.of(sqlite_estate, seat)
    for case, wanted in _cells(sqlite_estate, seat):
        if case.method == "GET":
            url, _word = address(sqlite_estate, case, seat)
            answer = client.head(url)
            assert (answer.status_code, answer.get_data()) == (wanted, b""), url
            assert client.options(url).get_data() == b""


def test_the_page_of_permissions_is_generated_from_grants() -> None:
    """If this fails, run `python -m tests.permissions.page`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_table_names_every_permission_and_every_role() -> None:
    head, *rows = permission_table()
    assert head[1:] == [role.value for role in Role]
    assert [row[0] for row in rows] == [permission.value for permission in Permission]
    marked = {(row[0], role) for row in rows for role, cell in zip(head[1:], row[1:], strict=True) if cell}
    assert marked == {(p.value, role.value) for role, granted in GRANTS.items() for p in granted}
