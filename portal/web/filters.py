"""How values are written on a page: numbers, days, masks."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, get_locale

from portal.services.reports import periods
from portal.tenancy.masks import masked_name, masked_phone

DASH = "—"


def init_app(app: Flask) -> None:
    """Make them Jinja filters."""
    app.jinja_env.filters.update(
        number=number, figure=figure, day=day, weekday=weekday, moment=moment, masked_name=masked_name,
        masked_phone=masked_phone, period=period,
    )  # fmt: skip


def number(value: float | None) -> str:
    """1,126 or — where there is none."""
    return DASH if value is None else str(format_decimal(value))


def figure(value: float | None, measure: str) -> str:
    """A figure in its measure: rates with one decimal, everything else whole."""
    if value is None:
        return DASH
    return f"{value:.1f}" if measure == "%" else str(format_decimal(value))


def _is_chinese() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "zh"


def day(value: date | None) -> str:
    """2025年6月30日 / 30 Jun 2025."""
    if value is None:
        return DASH
    return str(format_date(value, "y年M月d日" if _is_chinese() else "d MMM y"))


def weekday(value: date) -> str:
    """6月26日 星期四 / Thursday, 26 June."""
    return str(format_date(value, "M月d日 EEEE" if _is_chinese() else "EEEE, d MMMM"))


def moment(value: datetime | None) -> str:
    """A UTC time of the database in China's time, to the minute."""
    if value is None:
        return DASH
    return str(format_datetime(value, "y年M月d日 HH:mm" if _is_chinese() else "d MMM y HH:mm"))


def period(code: str) -> str:
    """2024-2025-2 as a reader calls it."""
    return periods.parse(code).label
