"""Lockout at one moment, on both engines: the limits are met to the try, and no way in breaks."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from portal.models.accounts import SignInFailure, Throttle
from portal.services.accounts import lockout
from portal.tenancy.roles import Role
from tests.clients import code_of
from tests.factories.county import PASSWORD, add_account, build_county, writing

IN, WRONG, LOCKED = 302, 400, 429


@pytest.fixture
def crowd(app: Flask) -> Flask:
    """`office` at the county, which needs a second factor, and `director` at a village, which does not."""
    with app.app_context(), writing() as session:
        place = build_county(session)
        add_account(session, Role.COMMITTEE_OFFICE, place.county, "office")
        add_account(session, Role.CHILD_DIRECTOR, place.village_a1, "director")
    return app


def _try(app: Flask, username: str, password: str, *, at: str = "10.0.0.1", code: str = "") -> int:
    data = {"username": username, "password": password, "code": code}
    return app.test_client().post("/login", data=data, environ_base={"REMOTE_ADDR": at}).status_code


def _at_once(*tries: Callable[[], int]) -> Counter[int]:
    """Make every try at the same moment; how many answers of each kind there were."""
    gate = threading.Barrier(len(tries))

    def one(attempt: Callable[[], int]) -> int:
        gate.wait()
        return attempt()

    with ThreadPoolExecutor(len(tries)) as pool:
        return Counter(pool.map(one, tries))


def _from(n: int) -> str:
    return f"10.6.{n // 250}.{n % 250}"


def test_ten_wrong_tries_at_the_same_moment_are_ten(crowd: Flask) -> None:
    """Five are looked at and five meet the lock; not one more is looked at."""
    tries = [partial(_try, crowd, "director", "wrong", at=_from(n)) for n in range(10)]
    assert _at_once(*tries) == {WRONG: 5, LOCKED: 5}
    with crowd.app_context(), writing() as session:
        assert session.scalar(select(func.count()).select_from(SignInFailure)) == 10
        assert session.scalars(select(Throttle.locks)).one() == 1


def test_one_password_over_many_accounts_at_the_same_moment(crowd: Flask) -> None:
    """From as many addresses: ten accounts meet it, the others meet the lock."""
    spray = [partial(_try, crowd, f"guess{n}", "Spring-2025", at=_from(n)) for n in range(16)]
    assert _at_once(*spray) == {WRONG: lockout.PASSWORD_ACCOUNTS, LOCKED: 16 - lockout.PASSWORD_ACCOUNTS}


def test_one_address_over_many_accounts_at_the_same_moment(crowd: Flask) -> None:
    """With as many passwords, in two waves: twenty accounts are looked at, and not one more."""
    tries = [partial(_try, crowd, f"guess{n}", f"p{n}", at="10.9.9.9") for n in range(26)]
    answers = _at_once(*tries[:13]) + _at_once(*tries[13:])
    assert answers == {WRONG: lockout.ADDRESS_ACCOUNTS, LOCKED: 26 - lockout.ADDRESS_ACCOUNTS}


def test_the_owner_gets_in_while_her_account_is_being_tried(crowd: Flask) -> None:
    """A lock is no way to keep her out: password and code open it, from an address of her own."""
    for n in range(6):
        _try(crowd, "office", "wrong", at=_from(n))
    assert _try(crowd, "office", PASSWORD) == LOCKED
    hers = partial(_try, crowd, "office", PASSWORD, at="10.0.0.7", code=code_of(crowd, "office"))
    theirs = [partial(_try, crowd, "office", "wrong", at=_from(20 + n), code="123456") for n in range(7)]
    assert _at_once(hers, *theirs) == {IN: 1, LOCKED: 7}


def test_right_and_wrong_at_the_same_moment_break_nothing(crowd: Flask) -> None:
    """A right password forgives the tries before it, by taking the very row the others wait for."""
    for _round in range(3):
        right = [partial(_try, crowd, "director", PASSWORD, at=_from(n)) for n in range(4)]
        wrong = [partial(_try, crowd, "director", "wrong", at=_from(9 + n)) for n in range(4)]
        answers = _at_once(*right, *wrong)
        assert set(answers) <= {IN, WRONG, LOCKED}, answers
        with crowd.app_context(), writing() as session:
            session.execute(delete(Throttle))
            session.execute(delete(SignInFailure))
