"""Lockout: by account, address and repeated password, counted exactly, and no way to keep anybody out."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models.accounts import SignInFailure, Throttle
from portal.services.accounts import lockout
from tests.accounts.clock import Clock
from tests.accounts.conftest import Office
from tests.clients import code_of
from tests.factories.county import PASSWORD, writing

WRONG, LOCKED = 400, 429


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def _try(app: Flask, username: str, password: str = "wrong", *, at: str = "10.0.0.1", code: str = "") -> int:
    data = {"username": username, "password": password, "code": code}
    client: FlaskClient = app.test_client()
    return client.post("/login", data=data, environ_base={"REMOTE_ADDR": at}).status_code


def test_the_sixth_try_is_not_looked_at(office: Office, clock: Clock) -> None:
    assert [_try(office.app, "director") for _n in range(6)] == [WRONG] * 5 + [LOCKED]
    assert _try(office.app, "director", PASSWORD) == LOCKED
    clock.pass_(minutes=16)
    assert _try(office.app, "director", PASSWORD) == 302


def test_the_fifth_try_may_still_be_right(office: Office) -> None:
    for _n in range(4):
        _try(office.app, "director")
    assert _try(office.app, "director", PASSWORD) == 302
    assert _try(office.app, "director") == WRONG


def test_each_lock_is_twice_as_long_up_to_a_day(office: Office, clock: Clock) -> None:
    for minutes in (15, 30, 60, 120, 240, 480, 960, 1440, 1440):
        assert [_try(office.app, "director") for _n in range(5)] == [WRONG] * 5
        clock.pass_(minutes=minutes - 1)
        assert _try(office.app, "director", PASSWORD) == LOCKED
        clock.pass_(minutes=2)


def test_wrong_tries_spread_over_a_day_lock_nobody(office: Office, clock: Clock) -> None:
    for _n in range(8):
        assert _try(office.app, "director") == WRONG
        clock.pass_(minutes=16)


@pytest.mark.parametrize("username", ["director", "nobody-has-this-name"])
def test_a_lock_tells_nothing_of_whether_the_account_is_there(office: Office, username: str) -> None:
    assert [_try(office.app, username) for _n in range(6)] == [WRONG] * 5 + [LOCKED]


def test_a_locked_account_opens_to_password_and_code(office: Office) -> None:
    for _n in range(6):
        _try(office.app, "office", at="10.6.6.6")
    assert _try(office.app, "office", PASSWORD) == LOCKED
    assert _try(office.app, "office", "wrong", code=code_of(office.app, "office")) == LOCKED
    assert _try(office.app, "office", PASSWORD, code="000000") == LOCKED
    assert _try(office.app, "office", PASSWORD, code=code_of(office.app, "office")) == 302


def test_who_locks_an_account_cannot_guess_on_with_codes(office: Office) -> None:
    for _n in range(5 + lockout.ACCOUNT_TRIES + lockout.WAY_ROUND_TRIES):
        _try(office.app, "office", at="10.6.6.6", code="123456")
    assert _try(office.app, "office", PASSWORD, at="10.6.6.6", code=code_of(office.app, "office")) == LOCKED
    assert _try(office.app, "office", PASSWORD, code=code_of(office.app, "office")) == 302


def test_one_address_that_tries_many_accounts_is_stopped_after_twenty(office: Office, clock: Clock) -> None:
    answers = [_try(office.app, f"guess{n}", f"p{n}", at="10.6.6.6") for n in range(22)]
    assert answers == [WRONG] * 20 + [LOCKED] * 2
    assert _try(office.app, "director", PASSWORD) == 302
    clock.pass_(minutes=16)
    assert _try(office.app, "director", PASSWORD, at="10.6.6.6") == 302


def test_one_password_on_many_accounts_is_stopped_wherever_it_comes_from(
    office: Office, clock: Clock
) -> None:
    answers = [_try(office.app, f"guess{n}", "Spring-2025", at=f"10.6.6.{n}") for n in range(12)]
    assert answers == [WRONG] * 10 + [LOCKED] * 2
    assert _try(office.app, "guess99", "Autumn-2025", at="10.6.6.99") == WRONG
    clock.pass_(minutes=11)
    assert _try(office.app, "guess77", "Spring-2025", at="10.6.6.77") == WRONG


def test_neither_address_nor_password_nor_name_is_kept(office: Office) -> None:
    _try(office.app, "typed-name", "typed-password", at="10.9.8.7")
    with office.app.app_context(), writing() as session:
        row = session.scalars(select(SignInFailure)).one()
    kept = " ".join((row.account_key, row.address_key, row.password_key))
    assert all(word not in kept for word in ("typed", "10.9.8.7"))


def test_failures_are_forgotten_after_a_day(office: Office, clock: Clock) -> None:
    _try(office.app, "director")
    clock.pass_(hours=25)
    with office.app.app_context(), writing() as session:
        assert lockout.sweep(session) == 1
        assert session.scalars(select(Throttle)).all() == []
