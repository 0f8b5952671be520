"""Security headers and a strict policy on every answer of every address (T29), and no inline code to need less."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.web.headers import HEADERS
from tests.permissions.asking import address, ask
from tests.permissions.conftest import Clients
from tests.permissions.estate import Estate
from tests.permissions.matrix import CASES, Case, expected
from tests.permissions.reading import inline_code
from tests.permissions.seats import SEATS, Seat

WALKERS = [None, *(seat for seat in SEATS if seat.username in {
    "committee_office_county", "school_coordinator_school", "volunteer_school", "security_admin_county",
})]  # fmt: skip
AT_SCHOOL = next(seat for seat in SEATS if seat.username == "school_coordinator_school")
FULL = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": HEADERS["Permissions-Policy"],
}
"""Written out once more: whoever loosens the policy changes it here as well, and sees what she does."""


def faults(answer: TestResponse, *, is_static: bool = False, https: bool = False) -> list[str]:
    """What is wrong with an answer's headers and body; empty where nothing is."""
    found = [name for name, value in FULL.items() if answer.headers.getlist(name) != [value]]
    if not is_static and answer.headers.getlist("Cache-Control") != ["no-store"]:
        found.append(f"Cache-Control: {answer.headers.get('Cache-Control')}")
    wanted = ["max-age=63072000; includeSubDomains"] if https else []
    if answer.headers.getlist("Strict-Transport-Security") != wanted:
        found.append("Strict-Transport-Security")
    found += [cookie for cookie in answer.headers.getlist("Set-Cookie") if not _is_bound(cookie, https=https)]
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        found.append("says what it runs on")
    return found + inline_code(answer)


def _is_bound(cookie: str, *, https: bool) -> bool:
    parts = {part.strip().lower() for part in cookie.split(";")}
    held = {"httponly", "samesite=lax", "path=/"} <= parts and "domain" not in cookie.lower()
    return held and (not https or ("secure" in parts and cookie.startswith("__Host-portal=")))


def _name(seat: Seat | None) -> str:
    return seat.username if seat else "anonymous"


def _cells(estate: Estate, seat: Seat | None) -> Iterator[Case]:
    """Every address and method of a seat with every answer it gives; what changes her sign-in comes last."""
    last, met = ["accounts.offer_second", "accounts.logout"], set()
    for case in sorted(CASES, key=lambda case: last.index(case.endpoint) if case.endpoint in last else -1):
        status = expected(estate.app, case, seat)
        if status is not None and (case.endpoint, case.method, status) not in met:
            met.add((case.endpoint, case.method, status))
            yield case


@pytest.mark.parametrize("seat", WALKERS, ids=_name)
def test_every_answer_of_every_address_is_guarded(
    sqlite_estate: Estate, clients: Clients, seat: Seat | None
) -> None:
    client, wrong, seen = clients.of(sqlite_estate, seat), [], set()
    for case in _cells(sqlite_estate, seat):
        answer = ask(client, sqlite_estate, case, seat)
        seen.add((case.endpoint, case.method))
        if found := faults(answer, is_static=case.endpoint == "static"):
            wrong.append((case.method, case.endpoint, answer.status_code, found))
        if case.method == "GET" and (found := faults(client.head(address(sqlite_estate, case, seat)[0]),
                                                     is_static=case.endpoint == "static")):  # fmt: skip
            wrong.append(("HEAD", case.endpoint, found))
    clients.forget(sqlite_estate, seat)
    assert wrong == []
    there = {
        (rule.endpoint, method)
        for rule in sqlite_estate.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert seen == there, "a new address or method needs a row in the matrix"


def test_the_walk_finds_what_it_looks_for(sqlite_estate: Estate) -> None:
    """Without this its silence would prove nothing."""
    bad = sqlite_estate.app.response_class(
        "<p style='x'><a onclick='x' href='javascript:x'>a</a><script>x</script><style>x</style>",
        mimetype="text/html", headers={"Set-Cookie": "portal=1; Path=/"},
    )  # fmt: skip
    found = faults(bad)
    assert len(found) == len(FULL) + 1 + 1 + 5


@pytest.mark.parametrize("seat", [None, AT_SCHOOL], ids=_name)
def test_the_same_holds_where_the_site_runs_on_https(sqlite_estate: Estate, seat: Seat | None) -> None:
    """One GET of every rule, and a sign-in; the cookie is `__Host-` and Secure, the way back by HTTP is shut."""
    client, wrong = sqlite_estate.app.test_client(), []
    if seat is not None:
        _sign_in_on_https(sqlite_estate, client, seat)
    for case in _cells(sqlite_estate, seat):
        if case.method == "GET" or case.endpoint in ("accounts.login", "accounts.preferences"):
            url = "https://portal.example" + address(sqlite_estate, case, seat)[0]
            answer = client.open(url, method=case.method)
            if found := faults(answer, is_static=case.endpoint == "static", https=True):
                wrong.append((case.method, case.endpoint, answer.status_code, found))
    assert wrong == []


def _sign_in_on_https(estate: Estate, client: FlaskClient, seat: Seat) -> None:
    from tests.factories.county import PASSWORD

    data = {"username": seat.username, "password": PASSWORD}
    answer = client.post("https://portal.example/login", data=data)
    assert answer.location == "/", "this seat needs no second factor"
    assert faults(answer, https=True) == []
    assert answer.headers["Set-Cookie"].startswith("__Host-portal=")


def _errors(estate: Estate, client: FlaskClient) -> Iterator[tuple[int, TestResponse]]:
    code = estate.world.near.school_a.code
    yield 404, client.get("/nowhere")
    yield 404, client.get("/static/none.css")
    yield 404, client.get("/api/v1/nowhere")
    yield 405, client.get("/logout")
    yield 405, client.delete("/")
    yield 308, client.get(f"/units/{code}")
    yield 413, client.post("/login", environ_overrides={"CONTENT_LENGTH": str(25 * 1024 * 1024)})
    yield 429, [client.post("/login", data={"username": "nobody", "password": "x"}) for _n in range(6)][-1]
    yield 200, client.options("/login")


@pytest.mark.parametrize("seat", [None, AT_SCHOOL], ids=_name)
def test_errors_are_guarded_too(
    sqlite_estate: Estate, clients: Clients, seat: Seat | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, client = sqlite_estate.app, clients.of(sqlite_estate, seat)
    for status, answer in _errors(sqlite_estate, client):
        assert answer.status_code == status
        assert faults(answer, is_static=answer.request.path.startswith("/static/")) == [], (
            status,
            answer.request.path,
        )
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "home.healthz", lambda: 1 / 0)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for status, answer in (
        (500, client.get("/healthz")),
        (400, client.post("/login", data={"username": "x"})),
    ):
        assert (answer.status_code, faults(answer)) == (status, [])
    if seat is None:
        answer = client.get(f"/api/v1/units/{sqlite_estate.world.near.school_a.code}/rollup")
        assert (answer.status_code, faults(answer)) == (401, [])
    else:
        answer = client.get(f"/units/{sqlite_estate.world.near.school_a.code}/tree/rename")
        assert (answer.status_code, faults(answer)) == (403, [])
