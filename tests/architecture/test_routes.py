"""Routes: every one is listed with its guard, and the house does not open with a bare view."""

from __future__ import annotations

import ast

import pytest
from flask import Flask, Response
from flask_login import current_user

from portal.app import create_app
from portal.blueprints import home
from portal.config import ROOT, Settings
from portal.tenancy.permissions import GRANTS, Permission
from portal.tenancy.roles import PLACES, Role
from portal.web.guards import BareView, guard_of
from portal.web.navigation import navigation
from tests.clients import sign_in
from tests.conftest import SECRET
from tests.factories.county import add_account, build_county, writing

LISTED = ROOT / "tests" / "architecture" / "routes.txt"


def routes(app: Flask) -> list[str]:
    """`METHODS rule -> guard`, as routes.txt has them."""
    lines = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        guard = guard_of(app.view_functions[rule.endpoint]) or "Flask's own"
        lines.append(f"{methods:8} {rule.rule:48} {guard}")
    return sorted(lines, key=lambda line: line.split()[1] + line)


def test_every_address_is_listed_with_its_guard(sqlite_app: Flask) -> None:
    """A removed, opened or regrouped address shows as one line of a diff in routes.txt."""
    listed = LISTED.read_text(encoding="utf-8").splitlines()
    assert routes(sqlite_app) == [line for line in listed if line and not line.startswith("#")]


def test_every_rooms_addresses_are_its_own(sqlite_app: Flask) -> None:
    for rule in sqlite_app.url_map.iter_rules():
        assert rule.endpoint == "static" or rule.endpoint.split(".")[0] in sqlite_app.blueprints


def test_a_bare_view_stops_the_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home.bp, "deferred_functions", list(home.bp.deferred_functions))
    monkeypatch.setattr(home.bp, "_got_registered_once", False)
    home.bp.add_url_rule("/bare", "bare", lambda: "open to all")
    with pytest.raises(BareView, match=r"home\.bare"):
        create_app(Settings(SECRET_KEY=SECRET, DATABASE_URL="sqlite://"))


def test_no_public_view_reads_a_walled_row(sqlite_app: Flask) -> None:
    """What is open to everybody is a short list, and nothing on it shows data."""
    views = sqlite_app.view_functions
    public = {name for name, view in views.items() if str(guard_of(view) or "").startswith("public: ")}
    assert public == {
        "accounts.activate",
        "accounts.enrol",
        "accounts.login",
        "accounts.logout",
        "accounts.preferences",
        "accounts.second",
        "home.healthz",
        "home.ready",
        "patterns.index",
        "volunteers.applied",
        "volunteers.apply",
    }


def test_a_get_never_commits(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite_app.app_context(), writing() as session:
        add_account(session, Role.COMMITTEE_OFFICE, build_county(session).county, "office")
    client = sign_in(sqlite_app, "office")
    done: list[str] = []
    session_class = "portal.web.transaction.db.session"
    monkeypatch.setattr(f"{session_class}.commit", lambda: done.append("commit"))
    monkeypatch.setattr(f"{session_class}.rollback", lambda: done.append("rollback"))
    assert client.get("/acting").status_code == 200
    assert client.head("/acting").status_code == 200
    assert set(done) == {"rollback"}


def test_only_the_edges_commit() -> None:
    """Services flush. Signing in, activating and applying in public keep their own; commands and jobs are edges."""
    committing = set()
    for path in sorted((ROOT / "portal").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "commit":
                committing.add(path.relative_to(ROOT / "portal").as_posix().split("/")[0])
    assert committing == {"cli", "jobs", "services", "web"}
    services = (ROOT / "portal" / "services").rglob("*.py")
    assert {p.parent.name for p in services if ".commit()" in p.read_text(encoding="utf-8")} == {
        "accounts",
        "people",
        "volunteers",
    }


def test_two_clients_are_two_people(sqlite_app: Flask) -> None:
    """pytest-flask pushes one request context for all clients; the cure stands in tests/conftest.py."""
    with sqlite_app.app_context(), writing() as session:
        place = build_county(session)
        add_account(session, Role.COMMITTEE_OFFICE, place.county, "office")
        add_account(session, Role.TOWNSHIP_LEADER, place.town_a, "leader")
    seen: list[str] = []

    def note(response: Response) -> Response:
        seen.append(current_user.signed_in.actor.username if current_user.is_authenticated else "nobody")
        return response

    sqlite_app.after_request(note)
    office, leader, nobody = (
        sign_in(sqlite_app, "office"),
        sign_in(sqlite_app, "leader"),
        sqlite_app.test_client(),
    )
    seen.clear()
    for client in (office, leader, nobody, leader, office):
        client.get("/acting")
    assert seen == ["office", "leader", "nobody", "leader", "office"]


def test_every_permission_is_granted_and_every_role_has_a_place() -> None:
    granted = {permission for granted in GRANTS.values() for permission in granted}
    assert granted == set(Permission)
    assert set(GRANTS) == set(PLACES) == set(Role)


def test_permissions_are_named_room_thing_action_and_sorted() -> None:
    values = [permission.value for permission in Permission]
    assert all(len(value.split(":")) == 3 for value in values)
    assert [p.name for p in Permission] == sorted(p.name for p in Permission)


def test_every_permission_guards_a_view(sqlite_app: Flask) -> None:
    guards = {guard_of(view) for view in sqlite_app.view_functions.values()}
    assert set(Permission) <= guards


def test_the_menu_offers_only_what_opens(sqlite_app: Flask) -> None:
    """Every link of every role's menu answers 200."""
    from tests.permissions.seats import SEATS, seat_accounts

    with sqlite_app.app_context(), writing() as session:
        seat_accounts(session, build_county(session))
    for seat in SEATS:
        client = sign_in(sqlite_app, seat.username)
        with client:
            client.get("/acting")
            menu = navigation(current_user.signed_in.actor)
        for item in [item for group in menu for item in group]:
            assert client.get(item["url"]).status_code == 200, (seat.username, item["url"])
