"""The cells of one roster row while it is read: by column, with the first fault and the notes it collects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal.services.registers.columns import Column
from portal.services.registers.readings import Answer, is_nothing, read_answer, text_of
from portal.services.registers.records import RowNote
from portal.services.registers.sheet import Row
from portal.terms import RefusalReason


class RowCells:
    """Cells by column. Everything is read even after a fault, but only the first fault is kept."""

    def __init__(self, row: Row, columns: Mapping[Column, int], as_of: date) -> None:
        self.row, self.columns, self.as_of = row, columns, as_of
        self.reason: RefusalReason | None = None
        self.detail = ""
        self.notes: list[RowNote] = []
        self._values: dict[Column, object] = {}
        self._texts: dict[Column, str] = {}

    def value(self, column: Column) -> object:
        """The cell, as an empty text if it is blank or holds a sign for blank."""
        if column not in self._values:
            value = self.row.cell(self.columns.get(column))
            self._values[column] = "" if is_nothing(value) else value
        return self._values[column]

    def text(self, column: Column) -> str:
        """The cell as a clean text."""
        if column not in self._texts:
            self._texts[column] = text_of(self.value(column))
        return self._texts[column]

    def answer(self, column: Column, yes: set[str], no: set[str], unclear: RowNote) -> bool | None:
        """What a yes-or-no cell says; None where it is blank, and with a note where it is unclear."""
        answer = read_answer(self.value(column), yes, no)
        if answer is Answer.UNCLEAR:
            self.note(unclear)
        return answer.as_bool

    def refuse(self, reason: RefusalReason, detail: object = "") -> None:
        """Keep `reason` unless there is one already."""
        if self.reason is None:
            self.reason, self.detail = reason, text_of(detail)

    def note(self, note: RowNote) -> None:
        """Tell the clerk what was assumed."""
        self.notes.append(note)
