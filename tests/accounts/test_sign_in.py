"""Signing in: the right people get in, and nobody learns from the answer why another did not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError
from flask import Flask
from sqlalchemy.orm import Session

from portal.services.accounts import passwords
from portal.tenancy.roles import Role
from tests.accounts.conftest import Office, begin_later, disable, end_membership, unvet
from tests.clients import code_of, fill, sign_in
from tests.factories.county import PASSWORD, add_account, build_county, writing

WRONG = "账号或密码不对"
NO_ROLE = "这个账号目前没有角色"


def _answer(app: Flask, username: str, password: str) -> tuple[int, str]:
    answer = app.test_client().post("/login", data={"username": username, "password": password})
    return answer.status_code, answer.text


def test_the_right_password_opens_the_start_page(app: Flask) -> None:
    """On both engines."""
    with app.app_context(), writing() as session:
        add_account(session, Role.CHILD_DIRECTOR, build_county(session).village_a1, "director")
    answer = app.test_client().post("/login", data={"username": "director", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/")
    assert sign_in(app, "director").get("/").status_code == 200


@pytest.mark.parametrize("typed", ["DIRECTOR", "  director ", "Director"])
def test_a_user_name_is_taken_however_it_is_typed(office: Office, typed: str) -> None:
    assert sign_in(office.app, typed).get("/").status_code == 200


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("director", "wrong"),
        ("director", PASSWORD.lower()),
        ("director", PASSWORD + " "),
        ("director", PASSWORD + "\x00"),
        ("nobody", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("direct%", PASSWORD),
    ],
)
def test_wrong_and_unknown_get_the_same_sentence(office: Office, username: str, password: str) -> None:
    status, page = _answer(office.app, username, password)
    assert status == 400
    assert WRONG in page
    assert PASSWORD not in page


def test_an_account_switched_off_answers_like_a_wrong_password(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        disable(session, "director")
    right, wrong = (_answer(office.app, "director", password) for password in (PASSWORD, "wrong"))
    assert right[0] == wrong[0] == 400
    assert WRONG in right[1]
    assert len(right[1]) == len(wrong[1])


@pytest.mark.parametrize(
    ("username", "happened"),
    [("director", end_membership), ("director", begin_later), ("helper", unvet)],
    ids=["duty ended", "duty not begun", "volunteer not vetted"],
)
def test_without_a_duty_only_the_owner_of_the_password_learns_it(
    office: Office, username: str, happened: Callable[[Session, str], None]
) -> None:
    with office.app.app_context(), writing() as session:
        happened(session, username)
    status, page = _answer(office.app, username, PASSWORD)
    assert status == 400
    assert NO_ROLE in page
    status, page = _answer(office.app, username, "wrong")
    assert status == 400
    assert WRONG in page
    assert NO_ROLE not in page


def test_the_typed_user_name_is_kept_and_the_password_is_not(office: Office) -> None:
    _status, page = _answer(office.app, "di<rector", "a-typed-password")
    assert 'value="di&lt;rector"' in page
    assert "a-typed-password" not in page


@pytest.mark.parametrize("data", [{}, {"username": "director"}, {"password": PASSWORD}])
def test_an_empty_field_is_asked_for(office: Office, data: dict[str, str]) -> None:
    answer = office.app.test_client().post("/login", data=data)
    assert answer.status_code == 400
    assert "请" in answer.text


def test_an_unknown_account_takes_the_same_work_as_a_known_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    class Counting:
        def verify(self, hashed: str, password: str) -> bool:
            verified.append(hashed)
            raise VerifyMismatchError

    monkeypatch.setattr(passwords, "_hasher", Counting())
    for username in ("director", "nobody"):
        _answer(office.app, username, "wrong")
    assert len(verified) == 2
    known, unknown = (extract_parameters(hashed) for hashed in verified)
    assert (known.memory_cost, known.time_cost) == (unknown.memory_cost, unknown.time_cost)


def test_a_reader_comes_back_to_where_she_was_going(office: Office) -> None:
    client = office.app.test_client()
    sent = client.get("/units/990001/reports/?period=2025-06")
    assert sent.status_code == 302
    page = client.get(sent.location).text
    address, data = fill(page, username="office", password=PASSWORD)
    assert client.post(address, data=data).location == "/login/second"
    address, data = fill(client.get("/login/second").text, code=code_of(office.app, "office"))
    answer = client.post(address, data=data)
    assert answer.location == "/units/990001/reports/?period=2025-06"


ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
    "/\t/evil.example", "/\n/evil.example", "http:evil.example", "evil.example", "///evil.example", "",
]  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_sent_to_another_site(office: Office, wanted: str) -> None:
    client = office.app.test_client()
    data = {"username": "director", "password": PASSWORD, "next": wanted}
    assert client.post("/login", data=data).location == "/"
    assert client.post("/preferences", data={"next": wanted, "locale": "en"}).location == "/"


def test_a_post_without_a_session_is_not_replayed_after_signing_in(office: Office) -> None:
    answer = office.app.test_client().post("/visits/new", data={})
    assert answer.location == "/login"


def test_the_login_page_says_nothing_of_demo_accounts_outside_the_demo(office: Office) -> None:
    assert PASSWORD not in office.app.test_client().get("/login").text
