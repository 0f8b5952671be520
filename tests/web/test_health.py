"""The two questions of the watchdog: alive, and ready to work."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.blueprints.home import views
from portal.web.database import newest_revision
from tests.conftest import make_app


def test_alive_asks_nobody(sqlite_app: Flask) -> None:
    answer = make_app("sqlite:////nowhere/at/all.sqlite").test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_means_the_database_stands_at_the_codes_revision(app: Flask) -> None:
    answer = app.test_client().get("/healthz/ready")
    assert answer.status_code == 200
    assert answer.json == {
        "database": "up", "queue": "in process", "ready": True, "revision": newest_revision()
    }  # fmt: skip


def test_a_database_behind_the_code_is_not_ready(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "newest_revision", lambda: "a-later-one")
    answer = sqlite_app.test_client().get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json["database"] == "up"


def test_a_database_that_is_gone_is_not_ready_and_says_no_more() -> None:
    answer = make_app("sqlite:////nowhere/at/all.sqlite").test_client().get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json == {"database": "down", "queue": "in process", "ready": False, "revision": None}


def test_a_queue_that_is_down_is_said_and_does_not_stop_the_portal(sqlite_app: Flask) -> None:
    url = sqlite_app.config["SQLALCHEMY_DATABASE_URI"]
    answer = make_app(url, REDIS_URL="redis://127.0.0.1:1/0").test_client().get("/healthz/ready")
    assert (answer.status_code, answer.json["queue"]) == (200, "down")
