"""Security headers on every kind of answer, and the token that every change must carry."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.web.headers import HEADERS
from tests.accounts.conftest import Office
from tests.clients import fill, sign_in
from tests.factories.county import PASSWORD

ANSWERS = {
    "page": ("/", 200), "redirect": ("/login?next=/", 200), "static file": ("/static/img/mark.svg", 200),
    "nothing there": ("/nowhere", 404), "nothing in reach": ("/units/990009/", 404),
    "forbidden": ("/units/990001/children/", 403), "wrong method": ("/logout", 405), "health": ("/healthz", 200),
    "api": ("/api/v1/units/990001/rollup", 200), "api error": ("/api/v1/units/990009/rollup", 404),
    "static error": ("/static/none.css", 404), "slash missing": ("/units/990001", 308),
}  # fmt: skip


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_carries_the_security_headers(office: Office, kind: str, signed_in: bool) -> None:
    client = sign_in(office.app, "office") if signed_in else office.app.test_client()
    url, status = ANSWERS[kind]
    answer = client.get(url)
    assert answer.status_code == status or not signed_in
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("url", ["/", "/units/990009/", "/acting", "/api/v1/units/990001/rollup", "/login"])
def test_nothing_a_signed_in_reader_sees_is_stored(office: Office, url: str) -> None:
    assert sign_in(office.app, "office").get(url).headers["Cache-Control"] == "no-store"


def test_a_static_file_may_be_kept_for_ever_under_its_hash_only(office: Office) -> None:
    client = sign_in(office.app, "office")
    kept = client.get("/static/img/mark.svg?v=abc").headers["Cache-Control"]
    assert kept == "public, max-age=31536000, immutable"
    assert client.get("/static/img/mark.svg").headers["Cache-Control"] == "no-cache"


def test_a_file_that_may_be_kept_for_ever_hands_out_no_cookie(office: Office) -> None:
    assert "Set-Cookie" not in sign_in(office.app, "office").get("/static/img/mark.svg?v=abc").headers


def test_https_is_remembered_where_it_is_used(office: Office) -> None:
    client = office.app.test_client()
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    secure = client.get("/healthz", base_url="https://portal.example").headers
    assert "includeSubDomains" in secure["Strict-Transport-Security"]


def test_a_fault_of_ours_carries_them_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(office.app.view_functions, "home.healthz", lambda: 1 / 0)
    answer = office.app.test_client().get("/healthz")
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


# ---- the token ------------------------------------------------------------------------------------


@pytest.fixture
def guarded(office: Office) -> Flask:
    """The application as it runs outside the tests: with the token enforced."""
    office.app.config["WTF_CSRF_ENABLED"] = True
    return office.app


def test_a_form_with_its_token_is_taken(guarded: Flask) -> None:
    client = guarded.test_client()
    address, data = fill(client.get("/login").text, username="director", password=PASSWORD)
    assert client.post(address, data=data).status_code == 302
    address, data = fill(client.get("/").text, next="/")
    assert client.post(address, data=data | {"locale": "en"}).status_code == 302


def _refused(answer: TestResponse) -> bool:
    return answer.status_code == 400 and "页面" in answer.text


@pytest.mark.parametrize("url", ["/login", "/logout", "/preferences", "/acting", "/visits/new"])
def test_a_change_without_its_token_is_refused(guarded: Flask, url: str) -> None:
    client = guarded.test_client()
    address, data = fill(client.get("/login").text, username="director", password=PASSWORD)
    client.post(address, data=data)
    for data in ({}, {"csrf_token": "forged"}):
        assert _refused(client.post(url, data=data)), url
    assert client.get("/").status_code == 200


def test_the_token_of_another_reader_is_refused(guarded: Flask) -> None:
    _address, stolen = fill(guarded.test_client().get("/login").text, username="x", password="y")
    client = guarded.test_client()
    client.get("/login")
    data = {"username": "office", "password": PASSWORD, "csrf_token": stolen["csrf_token"]}
    assert _refused(client.post("/login", data=data))
