"""One commit per request at the edge; a deadlock is tried again, anything else is not."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask, flash, get_flashed_messages, request
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.extensions import WRITES, db
from portal.models.children import SchoolClass
from portal.services import audit
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.web.sign_in import current_actor
from portal.web.transaction import TRIES, is_transient
from tests.clients import sign_in
from tests.factories.county import add_account, build_county, writing


class Deadlock(Exception):
    sqlstate = "40P01"


class Syntax(Exception):
    sqlstate = "42601"


def failure(orig: Exception) -> OperationalError:
    return OperationalError("UPDATE", {}, orig)


@pytest.fixture
def clerk(app: Flask) -> FlaskClient:
    """A clerk of the county, on both engines."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context(), writing() as session:
        place = build_county(session)
        add_account(session, Role.COMMITTEE_OFFICE, place.county, "office")
    return sign_in(app, "office")


def _open_class() -> None:
    unit = db.session.scalars(select(Unit).where(Unit.code == "990001-S1")).one()
    db.session.add(
        SchoolClass(
            public_id=uuid.uuid4(),
            unit=unit,
            grade=1,
            name="新班",
            pupils=9,
            compulsory=True,
            since=date(2024, 9, 1),
        )
    )
    db.session.flush()
    audit.record(current_actor(), "test:class:open")


def _classes(clerk: FlaskClient) -> int:
    with clerk.application.app_context(), writing() as session:
        return len(session.scalars(select(SchoolClass)).all())


def _view(clerk: FlaskClient, view: Callable[[], object]) -> None:
    """Put a view of the test's own behind POST and GET /acting."""
    clerk.application.view_functions["accounts.acting"] = view


def test_a_change_that_succeeds_is_kept(clerk: FlaskClient) -> None:
    _view(clerk, lambda: _open_class() or "done")
    assert clerk.post("/acting").status_code == 200
    assert _classes(clerk) == 1


def test_a_change_without_an_audit_line_is_not_kept(
    clerk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "record", lambda *args, **details: None)
    _view(clerk, lambda: _open_class() or "done")
    assert clerk.post("/acting").status_code == 500
    assert _classes(clerk) == 0


@pytest.mark.parametrize("answer", [("no", 400), ("no", 409), ("no", 500)])
def test_a_change_that_is_answered_with_a_refusal_is_undone(
    clerk: FlaskClient, answer: tuple[str, int]
) -> None:
    _view(clerk, lambda: _open_class() or answer)
    assert clerk.post("/acting").status_code == answer[1]
    assert _classes(clerk) == 0


def test_a_get_changes_nothing_even_if_it_tries(clerk: FlaskClient) -> None:
    _view(clerk, lambda: _open_class() or "done")
    assert clerk.get("/acting").status_code == 200
    assert _classes(clerk) == 0


def test_a_fault_halfway_undoes_the_first_half(clerk: FlaskClient) -> None:
    _view(clerk, lambda: _open_class() or 1 / 0)
    assert clerk.post("/acting").status_code == 500
    assert _classes(clerk) == 0


def _failing(times: int, orig: Exception, tried: list[int]) -> Callable[[], str]:
    def view() -> str:
        tried.append(len(tried) + 1)
        _open_class()
        if len(tried) <= times:
            raise failure(orig)
        return "done"

    return view


@pytest.mark.parametrize("orig", [Deadlock(), Exception("database is locked")])
def test_a_deadlock_is_tried_again_and_done_once(clerk: FlaskClient, orig: Exception) -> None:
    tried: list[int] = []
    _view(clerk, _failing(TRIES - 1, orig, tried))
    assert clerk.post("/acting").status_code == 200
    assert len(tried) == TRIES
    assert _classes(clerk) == 1


def test_a_deadlock_that_stays_is_given_up_with_a_page(clerk: FlaskClient) -> None:
    tried: list[int] = []
    _view(clerk, _failing(99, Deadlock(), tried))
    assert clerk.post("/acting").status_code == 500
    assert (len(tried), _classes(clerk)) == (TRIES, 0)


def test_another_fault_of_the_database_is_not_tried_again(clerk: FlaskClient) -> None:
    tried: list[int] = []
    _view(clerk, _failing(1, Syntax(), tried))
    assert clerk.post("/acting").status_code == 500
    assert len(tried) == 1


def test_what_was_sent_is_read_again_and_said_once(clerk: FlaskClient) -> None:
    """A second try must not find the uploaded file used up, nor say its message twice."""
    read: list[bytes] = []

    def view() -> str:
        read.append(request.files["file"].read())
        flash("kept")
        if len(read) == 1:
            raise failure(Deadlock())
        return "|".join(get_flashed_messages())

    _view(clerk, view)
    answer = clerk.post("/acting", data={"file": (io.BytesIO(b"the workbook"), "a.xlsx")})
    assert answer.text == "kept"
    assert read == [b"the workbook", b"the workbook"]


@pytest.mark.parametrize(
    ("orig", "transient"),
    [
        (Deadlock(), True),
        (Exception("database is locked"), True),
        (Syntax(), False),
        (Exception("no"), False),
    ],
)
def test_what_may_succeed_if_done_again(orig: Exception, transient: bool) -> None:
    assert is_transient(failure(orig)) is transient


def test_a_reader_does_not_wait_for_a_writer(clerk: FlaskClient) -> None:
    """A GET begins without the writer's lock of SQLite, a POST with it."""
    seen: list[bool] = []
    _view(clerk, lambda: seen.append(WRITES.get()) or "done")
    clerk.get("/acting")
    clerk.post("/acting")
    assert seen == [False, True]
