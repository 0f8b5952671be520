"""Every request that changes something leaves a line, and so does every page that shows a child's file."""

from __future__ import annotations

import pytest
from flask import Response, request
from sqlalchemy import func, select

from portal.extensions import db
from portal.models.audit import AuditEntry
from portal.services import audit
from portal.services.audit import chain
from portal.tenancy.scope import unscoped
from portal.web.transaction import PortalFlask
from tests.clients import sign_in
from tests.permissions.asking import ask
from tests.permissions.conftest import sqlite_estate
from tests.permissions.estate import Estate
from tests.permissions.matrix import CASES, expected
from tests.permissions.seats import SEATS

__all__ = ["sqlite_estate"]

WITHOUT_A_LINE = {
    ("accounts.second", "POST"): "nothing is half done here; tests/accounts/test_second_factor.py",
    ("accounts.enrol", "POST"): "likewise",
    ("accounts.set_second", "POST"): "likewise",
    ("accounts.offer_second", "POST"): "an offer changes nothing before its code is confirmed",
    ("accounts.forget", "POST"): "what she had typed herself and never sent",
    ("accounts.preferences", "POST"): "language and theme of the reader herself",
    (
        "children.look_first",
        "POST",
    ): "an empty search asks nothing; tests/children/test_file.py has the full one",
    (
        "children.find_matches",
        "POST",
    ): "the search it asks for writes the line; tests/children/test_joining.py",
    ("home.search", "POST"): "leads on to a list and reads nothing itself",
    (
        "visits.new",
        "GET",
    ): "the form names the child the reader has come from; the file's page wrote the look",
    ("pairings.new", "GET"): "likewise",
}
"""Requests that write nothing down, and why."""

SENSITIVE = {("children.care", "GET"), ("children.show", "GET"), ("registers.refused", "GET")}
"""Pages whose reading is written down."""

noted: dict[tuple[str, str], int] = {}


@pytest.fixture(autouse=True)
def _requests_are_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count what the request would write, then undo it, so that every case meets the same estate."""

    def finish(response: Response) -> None:
        written = len(chain.pending(db.session())) + len(audit.take_reads())
        key = (str(request.endpoint), request.method)
        if response.status_code < 400:
            noted[key] = max(noted.get(key, 0), written)
        db.session.rollback()

    monkeypatch.setattr(PortalFlask, "_finish", staticmethod(finish))
    noted.clear()


def _lines(estate: Estate) -> int:
    with estate.app.app_context(), unscoped("test: counting lines") as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_every_act_and_every_sensitive_read_of_the_matrix_leaves_a_line(sqlite_estate: Estate) -> None:
    clients, silent = {}, set()
    wanted = [case for case in CASES if case.method == "POST" or (case.endpoint, case.method) in SENSITIVE]
    for case in wanted:
        key = (case.endpoint, case.method)
        for seat in SEATS:
            if expected(sqlite_estate.app, case, seat) not in (200, 302) or noted.get(key):
                continue
            client = clients.get(seat) or sign_in(sqlite_estate.app, seat.username)
            clients[seat] = client
            before = _lines(sqlite_estate)
            if ask(client, sqlite_estate, case, seat).status_code < 400:
                written = noted.get(key, 0) or _lines(sqlite_estate) - before
                noted[key] = written
                if not written and key not in WITHOUT_A_LINE:
                    silent.add(key)
            if case.endpoint == "accounts.logout":
                clients.pop(seat)
    assert silent == set()
    assert {key for key in noted if key in SENSITIVE} == SENSITIVE
