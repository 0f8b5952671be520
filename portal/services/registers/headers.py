"""Finding the header of a roster: one to three rows, merged groups, in any order of columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from portal.services.registers.columns import COMPULSORY, Column, column_of, header_text

LOOK_AT_ROWS = 40
LONGEST_GROUP = 12
MAX_MERGED, MAX_MERGED_RIGHT = 200, 256
"""Bounds on what a hostile sheet can make us spread; a real header has about ten merged ranges."""


class Row(NamedTuple):
    """A row as it stands in the sheet; `number` counts from 1 as Excel shows it."""

    number: int
    cells: tuple[object, ...]

    def cell(self, index: int | None) -> object:
        """The value in a column, an empty text where the row is shorter or there is no such column."""
        return self.cells[index] if index is not None and index < len(self.cells) else ""


class Merged(NamedTuple):
    """A merged range, rows and columns from 0, both ends inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Header:
    """Where the header stands (positions in the list of rows) and what its columns mean."""

    first: int
    last: int
    columns: Mapping[Column, int] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Official names of the compulsory columns that are not there."""
        return [name for column, name in COMPULSORY.items() if column not in self.columns]


def find_header(rows: Sequence[Row], merged: Iterable[Merged]) -> Header | None:
    """The first header with all compulsory columns, else the fullest one, else None."""
    merged = [area for area in merged if area.right < MAX_MERGED_RIGHT][:MAX_MERGED]
    best = None
    for at, row in enumerate(rows[:LOOK_AT_ROWS]):
        if not _speaks_of_children(row):
            continue
        blocks = ((at, at), (at - 1, at), (at, at + 1), (at - 1, at + 1), (at - 2, at))
        headers = [
            Header(first, last, _columns_of(rows[first : last + 1], merged))
            for first, last in blocks
            if first >= 0 and last < len(rows) and rows[last].number - rows[first].number <= 4
        ]
        fullest = max(headers, key=lambda header: (-len(header.missing), len(header.columns)))
        if not fullest.missing:
            return fullest
        if best is None or len(fullest.missing) < len(best.missing):
            best = fullest
    return best


def _speaks_of_children(row: Row) -> bool:
    found = {column_of((header_text(value),)) for value in row.cells}
    return Column.NAME in found and Column.ID_NO in found


def _columns_of(block: Sequence[Row], merged: list[Merged]) -> dict[Column, int]:
    """Column → index for the header rows in `block`; of two equal headers the left one counts."""
    width = max(len(row.cells) for row in block)
    lines = [_spread(row, width, merged, is_last=row is block[-1]) for row in block]
    columns: dict[Column, int] = {}
    for index in range(width):
        column = column_of(tuple(line[index] for line in lines))
        if column is not None:
            columns.setdefault(column, index)
    return columns


def _spread(row: Row, width: int, merged: list[Merged], *, is_last: bool) -> list[str]:
    """Header texts of a row, with groups carried over the columns they stand above."""
    texts = [header_text(row.cell(index)) for index in range(width)]
    spread = list(texts)
    covered: set[int] = set()
    for area in merged:
        if area.top <= row.number - 1 <= area.bottom and area.left < width:
            covered.update(range(area.left, area.right + 1))
            for index in range(area.left, min(area.right + 1, width)):
                spread[index] = texts[area.left]
    if is_last:
        return spread
    group = ""
    for index in range(width):
        if index in covered or texts[index]:
            group = texts[index] if index not in covered and len(texts[index]) <= LONGEST_GROUP else ""
        else:
            spread[index] = group
    return spread
