"""How values are written on a page, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.web import filters

DAY = date(2025, 6, 30)


@pytest.fixture
def _chinese(sqlite_app: Flask) -> Iterator[None]:
    with sqlite_app.test_request_context():
        yield


@pytest.fixture
def _english(sqlite_app: Flask) -> Iterator[None]:
    with sqlite_app.test_request_context(), force_locale("en"):
        yield


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王小明", "王○○"), ("王明", "王○"), ("王", "王○"), ("阿依古丽", "阿○○○"), ("𠮷田禾", "𠮷○○"), ("", "")],
)
def test_a_masked_name_shows_the_surname_and_the_length(name: str, masked: str) -> None:
    assert filters.masked_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "1** **** **78"),
        ("138-1234-5678", "1** **** **78"),
        ("+86 138 1234 5678", "8** **** **78"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_masked_phone_shows_the_last_two_digits(phone: str, masked: str) -> None:
    assert filters.masked_phone(phone) == masked


@pytest.mark.usefixtures("_chinese")
def test_numbers_are_grouped_and_a_missing_one_is_no_zero() -> None:
    assert [filters.number(n) for n in (1126, 0, None, 3.5)] == ["1,126", "0", "—", "3.5"]


@pytest.mark.usefixtures("_chinese")
@pytest.mark.parametrize(
    ("value", "measure", "text"),
    [(50.6, "%", "50.6"), (50.0, "%", "50.0"), (1126, "人", "1,126"), (0, "人次", "0"), (None, "%", "—")],
)
def test_a_figure_is_written_in_its_measure(value: float | None, measure: str, text: str) -> None:
    assert filters.figure(value, measure) == text


@pytest.mark.usefixtures("_chinese")
def test_days_in_chinese() -> None:
    assert filters.day(DAY) == "2025年6月30日"
    assert filters.weekday(date(2025, 6, 26)) == "6月26日 星期四"
    assert filters.moment(datetime(2025, 6, 30, 16, 30)) == "2025年7月1日 00:30"
    assert filters.day(None) == filters.moment(None) == "—"


@pytest.mark.usefixtures("_english")
def test_days_in_english() -> None:
    assert filters.day(DAY) == "30 Jun 2025"
    assert filters.weekday(date(2025, 6, 26)) == "Thursday, 26 June"
    assert filters.moment(datetime(2025, 6, 30, 1, 5)) == "30 Jun 2025 09:05"


def test_a_template_that_names_nothing_is_a_fault_and_not_a_blank(sqlite_app: Flask) -> None:
    from jinja2 import UndefinedError

    with sqlite_app.app_context(), pytest.raises(UndefinedError):
        sqlite_app.jinja_env.from_string("{{ nobody_gave_this }}").render()


def test_what_a_person_typed_is_text_on_the_page(sqlite_app: Flask) -> None:
    page = sqlite_app.jinja_env.from_string("{{ name }}|{{ name|masked_name }}")
    assert "<" not in page.render(name="<b>王</b>")


def test_an_asset_is_named_by_its_content(sqlite_app: Flask) -> None:
    asset = sqlite_app.jinja_env.globals["asset"]
    with sqlite_app.test_request_context():
        address = asset("css/base.css")
    assert address.startswith("/static/css/base.css?v=")
    assert len(address.split("v=")[1]) == 10
