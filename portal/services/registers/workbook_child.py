"""The child process that lets calamine loose on an untrusted workbook, within limits of memory and CPU.

Run by path, never imported by the portal: bytes on stdin, JSON lines on stdout. It prints
`{"sheet": …, "merged": …}`, then `[row number, cells…]` for each row that is not blank, and at the end
`{"done": true}` or `{"refused": code}`. Without such an end the limits have killed it.
"""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

NOT_INSTALLED = 3
"""Exit status that says the fault is ours, not the workbook's."""

try:
    from python_calamine import (
        CalamineSheet,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )
except ImportError:
    sys.exit(NOT_INSTALLED)

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 20
MAX_SHEETS = 40
MAX_ROWS = 52_000
"""A little over the limit of the roster, so that the parent sees that there are more."""
MAX_COLUMNS = 128
MAX_TEXT = 2_000
MAX_OUTPUT_CHARACTERS = 64 * 1024 * 1024
LOOK_FOR_HEADER_ROWS = 60
HEADER_MARK = "身份"


class TooHeavy(Exception):
    """The answer would be too long."""


def limit_resources() -> None:
    """Bind this process; where the system has no such limits, the parent's timeout is left."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
    ):
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))


def cell(value: Any) -> Any:
    """A value that JSON carries; dates become `{"d": …}`, times and durations become text."""
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else value[:MAX_TEXT]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return {"d": value.isoformat()} if isinstance(value, date) else str(value)


def rows_of(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """`[row number, cells…]` for rows that are not blank, with the sheet's own row and column positions."""
    if sheet.start is None:
        return
    left = [""] * min(sheet.start[1], MAX_COLUMNS)
    for number, values in enumerate(sheet.iter_rows(), start=1):
        if any(value != "" for value in values):
            yield [number, *left, *map(cell, values[: MAX_COLUMNS - len(left)])]


def may_hold_roster(rows: list[list[Any]]) -> bool:
    """Whether some cell speaks of an ID number, so that other sheets need not be carried over."""
    texts = (value for row in rows for value in row if isinstance(value, str))
    return any(HEADER_MARK in "".join(unicodedata.normalize("NFKC", text).split()) for text in texts)


def answer(book: CalamineWorkbook) -> Iterator[Any]:
    """Everything the parent needs of the visible sheets."""
    for index, about in enumerate(book.sheets_metadata[:MAX_SHEETS]):
        if about.visible != SheetVisibleEnum.Visible or about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(index)
        rows = rows_of(sheet)
        first = list(islice(rows, LOOK_FOR_HEADER_ROWS))
        if not may_hold_roster(first):
            continue
        yield {"sheet": about.name[:MAX_TEXT], "merged": (sheet.merged_cell_ranges or [])[:MAX_ROWS]}
        yield from first
        yield from islice(rows, MAX_ROWS - len(first))


def main() -> None:
    """Read the workbook from stdin and print the answer."""
    limit_resources()
    written = 0
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as book:
            for part in answer(book):
                line = json.dumps(part, ensure_ascii=False)
                written += len(line)
                if written > MAX_OUTPUT_CHARACTERS:
                    raise TooHeavy
                sys.stdout.write(line + "\n")
        end: dict[str, Any] = {"done": True}
    except PasswordError:
        end = {"refused": "encrypted"}
    except (MemoryError, TooHeavy):
        end = {"refused": "too_heavy"}
    except BaseException:  # CalamineError, and panics of the Rust side, which are no Exception
        end = {"refused": "not_a_workbook"}
    sys.stdout.write(json.dumps(end) + "\n")
    sys.stdout.flush()
    os._exit(0)  # Freeing a large workbook politely costs time that nobody needs.


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    main()
