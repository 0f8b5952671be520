"""Untrusted bytes of an uploaded workbook → the rows of its roster sheet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from portal.services.apart import TooHeavy, run_apart
from portal.services.registers.columns import Column, header_text
from portal.services.registers.headers import Header, Merged, Row, find_header
from portal.services.registers.preflight import check_container
from portal.services.registers.refusals import columns_missing, refused

__all__ = ["Column", "Merged", "Row", "Sheet", "read_sheet", "read_tables"]

MAX_ROWS = 50_000
ROWS_OF_CHILD = 52_000
"""Where the child stops reading a sheet."""
WALL_SECONDS = 60
SHORTEST_ID = 15
TALLEST_MERGED = 100
"""Ranges merged over more rows than that are no family but a fault, or an attack."""
END_WORDS = ("合计", "总计", "单位负责人", "填表人", "复核人")

_CHILD = Path(__file__).with_name("workbook_child.py")


@dataclass(frozen=True)
class Sheet:
    """The roster sheet of a workbook: what stands above, the header, and the data rows up to 合计.

    Data rows carry their own row numbers, blank ones are left out, and a value merged down over several
    rows stands in each of them. `merged` lists the ranges above the data only.
    """

    name: str
    titles: tuple[Row, ...] = ()
    header: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    merged: tuple[Merged, ...] = ()
    columns: Mapping[Column, int] = field(default_factory=dict)
    width: int = 0
    rows_after_end: int = 0
    """Rows below the 合计 line that carry an ID number: they were not read, and the clerk should know."""


@dataclass(frozen=True)
class _RawSheet:
    name: str
    merged: list[Merged]
    rows: list[Row]


def read_sheet(data: bytes, filename: str = "") -> Sheet:
    """The first visible sheet of the workbook `data` that has the header of the roster.

    The content decides what the file is; `filename` is not believed. Raises FileRefused with a code of
    `refusals`, whatever the bytes are; nothing else, unless this installation itself is broken.
    """
    del filename
    check_container(data)
    best: Header | None = None
    for raw in _parse(data):
        header = find_header(raw.rows, raw.merged)
        if header is not None and not header.missing:
            return _cut(raw, header)
        best = best or header
    raise columns_missing(best.missing) if best else refused("no_roster_header")


def read_tables(data: bytes) -> list[list[Row]]:
    """The rows of every visible sheet, whatever they are about. Raises FileRefused as `read_sheet` does."""
    check_container(data)
    return [raw.rows for raw in _parse(data)]


def _parse(data: bytes) -> list[_RawSheet]:
    """Sheets that may hold a roster, parsed by a child process that memory and CPU limits can kill."""
    try:
        status, output = run_apart(_CHILD, data, seconds=WALL_SECONDS)
    except TooHeavy:
        raise refused("too_heavy") from None
    lines = output.split(b"\n")
    end = lines[-2] if status == 0 and len(lines) > 1 else b""
    if not end.startswith(b"{"):
        raise refused("too_heavy")
    if code := json.loads(end).get("refused"):
        raise refused(code)
    return _collect(json.loads(line, object_hook=_undate) for line in lines[:-2])


def _undate(tagged: dict[str, Any]) -> Any:
    """A date as the child tagged it, back as a date; other objects stay."""
    text = tagged.get("d")
    if text is None:
        return tagged
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def _collect(parts: Iterable[Any]) -> list[_RawSheet]:
    sheets: list[_RawSheet] = []
    for part in parts:
        if isinstance(part, dict):
            merged = [Merged(*start, *end) for start, end in part["merged"]]
            sheets.append(_RawSheet(part["sheet"], merged, []))
        else:
            sheets[-1].rows.append(Row(part[0], tuple(part[1:])))
    return sheets


def _cut(raw: _RawSheet, header: Header) -> Sheet:
    """Divide a sheet into titles, header and data. Raises FileRefused if there are too many rows."""
    header_rows = raw.rows[header.first : header.last + 1]
    below = raw.rows[header.last + 1 :]
    end = next((at for at, row in enumerate(below) if _ends_data(row, header.columns)), len(below))
    heads = {header_text(value) for row in header_rows for value in row.cells} - {""}
    data = [row for row in _filled(below[:end], raw.merged) if _is_data(row, heads, header.columns)]
    is_cut_short = len(raw.rows) >= ROWS_OF_CHILD and end == len(below)
    if len(data) > MAX_ROWS or is_cut_short:
        raise refused("too_many_rows")
    last_header_row = header_rows[-1].number
    return Sheet(
        name=raw.name,
        titles=tuple(raw.rows[: header.first]),
        header=tuple(header_rows),
        rows=tuple(data),
        merged=tuple(area for area in raw.merged if area.bottom < last_header_row),
        columns=header.columns,
        width=max(_used_width(row) for row in header_rows),
        rows_after_end=sum(1 for row in below[end + 1 :] if _carries_id(row, header.columns)),
    )


def _text(value: object) -> str:
    return "".join(value.split()) if isinstance(value, str) else "" if value is None else str(value)


def _used_width(row: Row) -> int:
    return max((at for at, value in enumerate(row.cells, start=1) if _text(value)), default=0)


def _carries_id(row: Row, columns: Mapping[Column, int]) -> bool:
    return len(_text(row.cell(columns[Column.ID_NO]))) >= SHORTEST_ID


def _ends_data(row: Row, columns: Mapping[Column, int]) -> bool:
    """Whether the data ends: a row starting 合计 or 单位负责人 (contract §5) and without an ID number."""
    first = next((text for text in map(_text, row.cells) if text), "")
    return first.startswith(END_WORDS) and not _text(row.cell(columns[Column.ID_NO]))


def _is_data(row: Row, heads: set[str], columns: Mapping[Column, int]) -> bool:
    """False for rows that are blank but for a preprinted 序号, and for a header repeated on each page."""
    if name := header_text(row.cell(columns[Column.NAME])):
        return name not in heads
    serial = columns.get(Column.SERIAL)
    texts = (_text(value) for at, value in enumerate(row.cells) if at != serial)
    return any(text and header_text(text) not in heads for text in texts)


def _filled(rows: list[Row], merged: list[Merged]) -> Iterator[Row]:
    """The rows with values that are merged downwards repeated, as a reader of the sheet sees them."""
    tops = {row.number: row for row in rows}
    repeats: dict[int, dict[int, object]] = {}
    for area in merged:
        source = tops.get(area.top + 1)
        if source is not None and area.top < area.bottom <= area.top + TALLEST_MERGED:
            for number in range(area.top + 2, area.bottom + 2):
                repeats.setdefault(number, {})[area.left] = source.cell(area.left)
    for row in rows:
        extra = repeats.get(row.number)
        if not extra:
            yield row
            continue
        cells = list(row.cells) + [""] * (max(extra) + 1 - len(row.cells))
        for index, value in extra.items():
            cells[index] = value
        yield Row(row.number, tuple(cells))
