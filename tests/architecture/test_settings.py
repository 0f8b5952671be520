"""Settings: typed, listed with a comment, and named where they are wrong."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from portal.config import ROOT, Settings, SettingsError
from tests.conftest import SECRET


def _example() -> list[tuple[str, str]]:
    """(comment above, name) of every line of .env.example."""
    found, comment = [], ""
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comment += line[1:]
        elif match := re.fullmatch(r"([A-Z_]+)=(.*)", line):
            found.append((comment.strip(), match[1]))
            comment = ""
        else:
            assert line == "", line
            comment = ""
    return found


def test_the_example_lists_every_setting_with_a_comment() -> None:
    listed = _example()
    assert [name for _comment, name in listed] == [field.name for field in fields(Settings)]
    assert all(len(comment) > 20 for comment, _name in listed)


def test_the_example_holds_the_defaults_and_no_secret() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    environ = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
    assert environ["SECRET_KEY"] == ""
    assert Settings.from_environment(environ | {"SECRET_KEY": SECRET}) == Settings(SECRET_KEY=SECRET)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("PORTAL_TODAY", "30.6.2025"),
        ("PORTAL_DEMO", "perhaps"),
        ("PORTAL_HTTPS", "on"),
        ("PORTAL_PROXIES", "many"),
        ("PORTAL_PASSWORDS", "none"),
        ("PORTAL_LOCALE", "zh_TW"),
    ],
)
def test_a_bad_setting_stops_the_start_and_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({"SECRET_KEY": SECRET} | {name: value})


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(AttributeError):
        Settings(SECRET_KEY=SECRET).SECRET_KEY = "another"  # type: ignore[misc]


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_way_of_writing_postgresql_means_the_same_driver(url: str) -> None:
    assert Settings(SECRET_KEY=SECRET, DATABASE_URL=url).database_url == "postgresql+psycopg://u@h/d"


def test_https_makes_the_cookie_secure() -> None:
    from portal.web import flask_config

    config = flask_config(Settings(SECRET_KEY=SECRET, PORTAL_HTTPS=True))
    assert config["SESSION_COOKIE_SECURE"]
    assert config["SESSION_COOKIE_HTTPONLY"]
    assert config["SESSION_COOKIE_PATH"] == "/"
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"
