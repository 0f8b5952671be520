"""The second factor: required where duty reaches far, each code counts once, recovery codes too."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.config import now
from portal.models.accounts import HalfSession, RecoveryCode
from portal.services.accounts import second_factor
from portal.services.accounts.demo import demo_seed
from portal.services.accounts.passwords import credential_of
from portal.tenancy.roles import Role
from tests.accounts.clock import Clock
from tests.accounts.conftest import Office, user_of
from tests.clients import code_of, enrol, sign_in
from tests.factories.county import PASSWORD, add_account, build_county, writing


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def _half(app: Flask, username: str = "office") -> FlaskClient:
    client = app.test_client()
    answer = client.post("/login", data={"username": username, "password": PASSWORD})
    assert answer.location in ("/login/second", "/login/enrol")
    return client


def _code(client: FlaskClient, code: str) -> int:
    return client.post("/login/second", data={"code": code}).status_code


def test_half_a_sign_in_opens_nothing(office: Office) -> None:
    client = _half(office.app)
    for url in ("/", "/account", "/units/990001/"):
        assert client.get(url).location.startswith("/login")
    assert client.get("/api/v1/units/990001/rollup").status_code == 401


def test_a_village_needs_none_and_a_county_does(office: Office) -> None:
    assert sign_in(office.app, "director").get("/account").status_code == 200
    assert _code(_half(office.app), code_of(office.app, "office")) == 302


def test_a_code_counts_once(office: Office, clock: Clock) -> None:
    code = code_of(office.app, "office")
    assert _code(_half(office.app), code) == 302
    assert _code(_half(office.app), code) == 400
    clock.pass_(seconds=30)
    assert _code(_half(office.app), code_of(office.app, "office")) == 302


def test_an_older_code_is_refused_after_a_newer_one(office: Office, clock: Clock) -> None:
    seed, step = demo_seed("office"), second_factor.step_of(now())
    assert _code(_half(office.app), second_factor.code_at(seed, step)) == 302
    assert _code(_half(office.app), second_factor.code_at(seed, step - 1)) == 400
    assert _code(_half(office.app), second_factor.code_at(seed, step + 1)) == 302


@pytest.mark.parametrize(("off", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(office: Office, clock: Clock, off: int, taken: bool) -> None:
    code = second_factor.code_at(demo_seed("office"), second_factor.step_of(now()) + off)
    assert (_code(_half(office.app), code) == 302) is taken


def test_one_code_in_five_hands_at_once_opens_one_session(app: Flask) -> None:
    """On both engines."""
    with app.app_context(), writing() as session:
        add_account(session, Role.COMMITTEE_OFFICE, build_county(session).county, "office")
    clients, code = [_half(app) for _n in range(5)], code_of(app, "office")
    gate = threading.Barrier(5)

    def one(client: FlaskClient) -> int:
        gate.wait()
        return _code(client, code)

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(one, clients)) == [302, 400, 400, 400, 400]


def test_after_five_wrong_codes_one_begins_anew(office: Office) -> None:
    client = _half(office.app)
    assert [_code(client, "000000") for _n in range(5)] == [400] * 5
    answer = client.post("/login/second", data={"code": code_of(office.app, "office")})
    assert answer.location == "/login"


def test_codes_cannot_be_guessed_by_beginning_anew(office: Office, clock: Clock) -> None:
    for _n in range(2):
        client = _half(office.app)
        for _m in range(5):
            _code(client, "000000")
    assert _code(_half(office.app), code_of(office.app, "office")) == 400
    clock.pass_(minutes=61)
    assert _code(_half(office.app), code_of(office.app, "office")) == 302


def test_half_a_sign_in_lapses_after_ten_minutes(office: Office, clock: Clock) -> None:
    client = _half(office.app)
    clock.pass_(minutes=11)
    assert client.get("/login/second").location == "/login"


@pytest.fixture
def bare(office: Office) -> Office:
    """The county's office has no authenticator yet."""
    with office.app.app_context(), writing() as session:
        second_factor.forget(session, user_of(session, "office").id)
    return office


def test_who_needs_one_sets_it_up_before_anything_else(bare: Office) -> None:
    client = _half(bare.app)
    assert client.get("/").location.startswith("/login")
    assert client.post("/login/enrol", data={"code": "000000"}).status_code == 400
    seed, codes = enrol(client)
    assert len(codes) == second_factor.RECOVERY_CODES
    assert client.get("/").status_code == 200
    with bare.app.app_context(), writing() as session:
        credential = credential_of(session, user_of(session, "office").id)
        assert seed.encode() not in credential.totp_sealed
        kept = {row.code_hash for row in session.scalars(select(RecoveryCode))}
        assert session.scalars(select(HalfSession)).all() == []
    assert not kept & set(codes)


def test_a_half_session_for_a_code_offers_no_new_seed(office: Office) -> None:
    """Otherwise the password alone would replace the second factor."""
    assert _half(office.app).get("/login/enrol").location == "/login"


def test_a_recovery_code_opens_once(bare: Office) -> None:
    client = _half(bare.app)
    _seed, codes = enrol(client)
    typed = codes[3].lower().replace("-", " ")
    assert _code(_half(bare.app), typed) == 302
    assert _code(_half(bare.app), typed) == 400
    assert _code(_half(bare.app), codes[4]) == 302


def test_new_recovery_codes_end_the_old_ones(bare: Office) -> None:
    client = _half(bare.app)
    _seed, old = enrol(client)
    assert client.post("/account/recovery").status_code == 200
    assert _code(_half(bare.app), old[0]) == 400


def test_the_demo_code_is_told_nowhere_but_in_the_demo(office: Office) -> None:
    client = _half(office.app)
    assert "sw-login-demo" not in client.get("/login/second").text
