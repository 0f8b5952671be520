"""Roster workbooks of any size in the official layout, for imports that must be large."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl

from portal.config import ROOT
from portal.services.registers.identity import check_character

SAMPLE = ROOT / "samples" / "roster-sample.xlsx"
_GIVEN = (
    "子涵",
    "梓萱",
    "浩然",
    "欣怡",
    "俊杰",
    "雨桐",
    "思源",
    "佳乐",
    "晨曦",
    "小禾",
    "春苗",
    "志强",
    "秋实",
    "语嫣",
)
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何"


def id_number(day: date, sequence: int) -> str:
    """A valid 18-digit number of the invented region 999901."""
    body = f"999901{day:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def large_roster(rows: int, *, villages: list[str]) -> bytes:
    """`rows` good rows under the sample's own header, every one another child."""
    book = openpyxl.load_workbook(SAMPLE)
    sheet = book.worksheets[0]
    pattern = [cell.value for cell in sheet[6]]
    sheet.delete_rows(5, sheet.max_row)
    for n in range(rows):
        day = date(2011, 1, 1) + timedelta(days=n % 2500)
        sequence = 2 * (n // 2500) + n % 2
        sex = "男" if sequence % 2 else "女"
        line = list(pattern)
        line[0], line[1], line[2] = n + 1, _FAMILY[n % 20] + _GIVEN[(n // 20) % 12], sex
        line[4], line[5], line[7] = day.isoformat(), id_number(day, sequence), villages[n % len(villages)]
        for column, value in enumerate(line, start=1):
            sheet.cell(5 + n, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
