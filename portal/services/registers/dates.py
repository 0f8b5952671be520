"""How clerks and Excel write days and months in a roster."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import NamedTuple

_EXCEL_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(10_000, 70_000)  # 1927 to 2091
_YEARS = range(1900, 2100)
_DASHES = str.maketrans("‐‑‒–—―−﹣。·、", "--------...")
_TIME_OF_DAY = re.compile(r"(?<=\d)[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_TAIL = re.compile("(-?至今|~至今|以来|开始|外出|左右|上旬|中旬|下旬|初|底|末|起|份|出生|生)+$")
_WRITTEN = re.compile(r"(\d{4})[年./\-_,\\](\d{1,2})(?:[月./\-_,\\]+(\d{1,2})[日号]?|月)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})?")


class Day(NamedTuple):
    """A date as written; `day` is None where only a month was given."""

    year: int
    month: int
    day: int | None

    @property
    def first_of_month(self) -> date:
        """The first day of the month written."""
        return date(self.year, self.month, 1)


def read_day(value: object) -> Day:
    """The date in a cell: text in the usual forms, an Excel date, a serial number or 20170915.

    Raises ValueError where there is none, and where a number cannot be told from another: 2023.1 as a
    number is January or, typed as 2023.10, October.
    """
    if isinstance(value, (datetime, date)):
        return _checked(value.year, value.month, value.day)
    if isinstance(value, bool) or value is None:
        raise ValueError("no date")
    if isinstance(value, (int, float)):
        return _from_number(float(value))
    return _from_text(str(value))


def _checked(year: int, month: int, day: int | None) -> Day:
    date(year, month, day or 1)
    if year not in _YEARS or day == 0:
        raise ValueError("not a date of a living person")
    return Day(year, month, day)


def _from_number(number: float) -> Day:
    if not 0 <= number < 1e8:
        raise ValueError("no date")
    if int(number) in _SERIALS:
        day = _EXCEL_DAY_ZERO + timedelta(days=int(number))
        return _checked(day.year, day.month, day.day)
    text = str(int(number)) if number.is_integer() else repr(round(number, 4))
    if re.fullmatch(r"\d{4}\.1", text):
        raise ValueError("January or October")
    return _from_text(text)


def _from_text(text: str) -> Day:
    text = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    text = _TIME_OF_DAY.sub("", text)
    text = re.sub(r"(?<=\d) (?=\d)", "-", re.sub(r" ?([年月日号./\-_,\\]) ?", r"\1", text))
    text = _TAIL.sub("", text.replace(" ", "")).rstrip(".")
    if re.fullmatch(r"\d{5}", text) and int(text) in _SERIALS:
        return _from_number(float(text))
    found = _WRITTEN.fullmatch(text) or _PACKED.fullmatch(text)
    if not found:
        raise ValueError("no date")
    return _checked(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)
