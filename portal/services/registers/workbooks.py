"""Writing rosters: the refused rows to correct and send in again, and the empty official form."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from portal.services.registers.columns import Column
from portal.services.registers.records import RosterRow
from portal.services.registers.sheet import Sheet

ERROR_HEADER = "错误原因"
_FORMULA_HEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_WRITE_SAFELY = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_WIDTHS = {Column.ID_NO: 22, Column.RESIDENCE: 24, Column.NAME: 12, Column.REMARK: 20, Column.SERIAL: 6}


class SafeBook:
    """A workbook in memory in which no cell can become a formula or a link."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self.book: Workbook = xlsxwriter.Workbook(self._buffer, _WRITE_SAFELY)
        self.text = self._format(num_format="@", valign="top")
        self.date = self._format(num_format="yyyy-mm-dd", valign="top")
        self.title = self._format(bold=True, font_size=16, align="center", valign="vcenter")
        self.head = self._format(bold=True, border=1, text_wrap=True, align="center", valign="vcenter")
        self.error = self._format(num_format="@", text_wrap=True, valign="top", font_color="#9C0006")
        self.note = self._format(text_wrap=True, valign="top")

    def _format(self, **properties: Any) -> Format:
        return self.book.add_format(properties)

    def quoted(self, text: str, look: Format) -> Format:
        """`look`, or text behind an apostrophe where the first sign could start a formula."""
        head = unicodedata.normalize("NFKC", text[:1])
        if not head.startswith(_FORMULA_HEADS):
            return look
        return self._format(num_format="@", quote_prefix=True, valign="top")

    def write(self, sheet: Worksheet, at: tuple[int, int], value: object, look: Format | None = None) -> None:
        """Write one cell: text as text, numbers and dates as such, never anything else."""
        look = look or self.text
        if isinstance(value, bool):
            sheet.write_boolean(*at, value, look)
        elif isinstance(value, (int, float)):
            sheet.write_number(*at, value, look)
        elif isinstance(value, (date, datetime)) and value.year >= 1900:
            sheet.write_datetime(*at, value, self.date)
        elif value is None or value == "":
            sheet.write_blank(*at, None, look)
        else:
            text = str(value)
            sheet.write_string(*at, text, self.quoted(text, look))

    def finish(self) -> bytes:
        """The bytes of the file; the book cannot be written to afterwards."""
        self.book.close()
        return self._buffer.getvalue()


def refused_workbook(sheet: Sheet, refused: Sequence[tuple[RosterRow, object]]) -> bytes:
    """A workbook in the layout of `sheet`: the refused rows as written, 错误原因 after the last column.

    It can be uploaded as it is: the reader passes over 错误原因, and a corrected row goes in. Every cell is
    formatted as text, so that an ID number typed into it keeps its digits.
    """
    out = SafeBook()
    page = out.book.add_worksheet("花名册")
    error_at = _error_column(sheet, [row for row, _ in refused])
    page.set_column(0, error_at, 10, out.text)
    for column, width in _WIDTHS.items():
        if column in sheet.columns:
            page.set_column(sheet.columns[column], sheet.columns[column], width, out.text)
    page.set_column(error_at, error_at, 60, out.error)
    _write_top(out, page, sheet, error_at)
    first = sheet.header[-1].number if sheet.header else 0
    for at, (row, message) in enumerate(refused, start=first):
        for index, value in enumerate(row.raw[:error_at]):
            out.write(page, (at, index), value)
        out.write(page, (at, error_at), str(message), out.error)
    page.freeze_panes(first, 0)
    return out.finish()


def _error_column(sheet: Sheet, rows: Sequence[RosterRow]) -> int:
    """Where 错误原因 stands: the same place again if the sheet has it already, else right of everything."""
    if Column.ERROR in sheet.columns:
        return sheet.columns[Column.ERROR]
    used = (at for row in rows for at, value in enumerate(row.raw, start=1) if value not in ("", None))
    return max(sheet.width, max(used, default=0))


def _write_top(out: SafeBook, page: Worksheet, sheet: Sheet, error_at: int) -> None:
    """Titles, the rows of the header with their merged ranges, and the head of 错误原因."""
    top_left: dict[tuple[int, int], object] = {}
    for rows, look in ((sheet.titles, out.text), (sheet.header, out.head)):
        for row in rows:
            for index, value in enumerate(row.cells[:error_at]):
                if value not in ("", None):
                    top_left[row.number - 1, index] = value
                    out.write(page, (row.number - 1, index), value, look)
    header_top = sheet.header[0].number - 1
    for area in sheet.merged:
        if area.right < error_at and (area.top, area.left) != (area.bottom, area.right):
            look = out.head if area.top >= header_top else out.title
            page.merge_range(*area, "", look)
            out.write(page, (area.top, area.left), top_left.get((area.top, area.left), ""), look)
    for number in range(header_top, sheet.header[-1].number):
        out.write(page, (number, error_at), "", out.head)
    out.write(page, (sheet.header[-1].number - 1, error_at), ERROR_HEADER, out.head)
