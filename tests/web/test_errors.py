"""Error pages: one per status, in the reader's language, without a word from inside."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import ImATeapot, ServiceUnavailable, TooManyRequests

from portal.errors import Conflict, NotFound, PermissionDenied, Refused, ScopeError
from portal.services.accounts import sessions
from portal.tenancy.roles import Role
from tests.clients import sign_in
from tests.factories.county import add_account, build_county, writing

SECRET_WORDS = "psycopg: password=hunter2"


@pytest.fixture
def reader(sqlite_app: Flask) -> FlaskClient:
    """Somebody signed in, on an application that answers faults as it does in service."""
    sqlite_app.config["PROPAGATE_EXCEPTIONS"] = False
    with sqlite_app.app_context(), writing() as session:
        add_account(session, Role.COMMITTEE_OFFICE, build_county(session).county, "office")
    return sign_in(sqlite_app, "office")


def _raising(error: BaseException) -> Callable[[], None]:
    def view() -> None:
        raise error

    return view


RAISED = [
    (NotFound("child"), 404), (PermissionDenied("x"), 403), (Conflict("x"), 409), (StaleDataError("x"), 409),
    (ScopeError(SECRET_WORDS), 500), (RuntimeError(SECRET_WORDS), 500), (ZeroDivisionError(), 500),
    (TooManyRequests(), 429), (ServiceUnavailable(), 503), (ImATeapot(), 418),
    (OperationalError("SELECT", {}, Exception(SECRET_WORDS)), 500),
]  # fmt: skip


@pytest.mark.parametrize(("error", "status"), RAISED, ids=lambda one: getattr(one, "__class__", one).__name__)
def test_every_fault_has_its_page(reader: FlaskClient, error: Exception, status: int) -> None:
    reader.application.view_functions["home.healthz"] = _raising(error)
    answer = reader.get("/healthz")
    assert answer.status_code == status
    _is_a_clean_page(answer.text)


def _is_a_clean_page(page: str) -> None:
    assert page.startswith("<!doctype html>")
    assert '<html lang="zh-Hans' in page
    assert "<h1" in page
    for word in ("Traceback", 'File "', "hunter2", "sqlalchemy", "werkzeug", "Internal Server Error"):
        assert word not in page


REQUESTS = [
    ("GET", "/nowhere", 404), ("GET", "/units/990009/", 404), ("GET", "/children/not-an-id/", 404),
    ("GET", "/units/990001/children/", 403), ("GET", "/logout", 405), ("POST", "/acting", 400),
    ("GET", "/static/none.css", 404), ("GET", "/static/../config.py", 404), ("GET", "/%2e%2e/etc/passwd", 404),
]  # fmt: skip


@pytest.mark.parametrize(("method", "url", "status"), REQUESTS)
@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_every_wrong_request_has_its_page(
    reader: FlaskClient, method: str, url: str, status: int, locale: str
) -> None:
    reader.post("/preferences", data={"locale": locale})
    answer = reader.open(url, method=method)
    assert answer.status_code == status
    assert ('<html lang="en"' if locale == "en" else '<html lang="zh-Hans') in answer.text


def test_a_refusal_says_its_sentence(reader: FlaskClient) -> None:
    reader.application.view_functions["home.healthz"] = _raising(Refused("这一天还没到。<b>"))
    answer = reader.get("/healthz")
    assert answer.status_code == 400
    assert "这一天还没到。&lt;b&gt;" in answer.text


def test_a_file_that_is_too_large_is_refused_in_words(reader: FlaskClient) -> None:
    reader.application.config["MAX_CONTENT_LENGTH"] = 1000
    answer = reader.post("/acting", data={"membership": "x" * 2000})
    assert answer.status_code == 413
    _is_a_clean_page(answer.text)


@pytest.mark.parametrize(("error", "status"), [(NotFound(), 404), (Conflict(), 409), (RuntimeError(), 500)])
def test_under_api_an_error_is_json(reader: FlaskClient, error: Exception, status: int) -> None:
    reader.application.view_functions["reports.rollup_json"] = lambda code: _raising(error)()
    answer = reader.get("/api/v1/units/990001/rollup")
    assert (answer.status_code, answer.json) == (status, {"error": status, "message": ""})


def test_under_api_a_stranger_gets_401_and_no_login_page(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().get("/api/v1/units/990001/rollup")
    assert (answer.status_code, answer.json) == (401, {"error": 401, "message": ""})


def test_a_database_that_does_not_answer_has_a_page_too(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader cannot even be looked up; the page must not ask for her again."""

    def down(token: str) -> None:
        raise OperationalError("SELECT", {}, Exception(SECRET_WORDS))

    monkeypatch.setattr(sessions, "find_signed_in", down)
    answer = reader.get("/")
    assert answer.status_code == 500
    _is_a_clean_page(answer.text)
