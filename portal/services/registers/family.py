"""The parents and the guardian in a roster row (contract.md §5, columns of 民发〔2016〕42号)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from portal.services.registers import readings
from portal.services.registers.cells import RowCells
from portal.services.registers.columns import Column
from portal.services.registers.dates import read_day
from portal.services.registers.guardians import PARENTS, read_guardian
from portal.services.registers.readings import Answer, read_answer
from portal.services.registers.records import GuardianFacts, ParentFacts, RowNote
from portal.terms import GuardianKind, ParentRole, RefusalReason

_ASSESSMENTS = {"较好": "较好", "好": "较好", "良好": "较好", "一般": "一般", "差": "差", "较差": "差"}


def read_parent(cells: RowCells, role: ParentRole, is_inside_county: Callable[[str], bool]) -> ParentFacts:
    """One parent. Away needs a clear yes and a month; a month or place beside a blank is no yes."""

    def of(part: str) -> Column:
        return Column(f"{role.value}_{part}")

    def note(what: str) -> None:
        cells.note(RowNote(f"{role.value}_{what}"))

    since, place = cells.value(of("since")), cells.text(of("place"))
    facts = ParentFacts(
        name=readings.read_name(cells.value(of("name"))), phone=readings.read_phone(cells.value(of("phone")))
    )
    answer = read_answer(cells.value(of("away")), readings.AWAY_YES, readings.AWAY_NO)
    if answer is Answer.UNCLEAR or (answer is Answer.BLANK and (since != "" or place)):
        cells.refuse(RefusalReason.AWAY_UNREADABLE, cells.text(of("away")))
        return facts
    if answer is not Answer.YES:
        if answer is Answer.BLANK:
            note("away_blank")
        elif since != "" or place:
            note("home_time_ignored")
        return facts
    if not place:
        note("place_blank")
    month = _read_month(cells, since)
    return replace(
        facts, away=True, since=month, place=place, inside_county=bool(place) and is_inside_county(place)
    )


def _read_month(cells: RowCells, value: object) -> date | None:
    """First of the month since when a parent is away."""
    try:
        month = read_day(value).first_of_month
    except ValueError:
        cells.refuse(RefusalReason.AWAY_UNREADABLE, value)
        return None
    if month > cells.as_of:
        cells.refuse(RefusalReason.AWAY_SINCE_IN_FUTURE, value)
    return month


def read_capability(cells: RowCells, father: ParentFacts, mother: ParentFacts) -> bool | None:
    """Whether the parent at home can care for the child, as the clerk wrote it."""
    answer = read_answer(cells.value(Column.CAPABLE), readings.CAPABLE_YES, readings.CAPABLE_NO)
    if answer is Answer.UNCLEAR:
        cells.refuse(RefusalReason.CAPABILITY_UNREADABLE, cells.text(Column.CAPABLE))
    if answer is Answer.BLANK and father.away != mother.away:
        cells.note(RowNote.CAPABILITY_BLANK)
    return answer.as_bool


def read_guardian_facts(cells: RowCells, father: ParentFacts, mother: ParentFacts) -> GuardianFacts:
    name, group = read_guardian(cells.value(Column.GUARDIAN), cells.value(Column.RELATION))
    is_blank = cells.value(Column.GUARDIAN) == "" and cells.value(Column.RELATION) == ""
    both_away = father.away and mother.away
    if group is None and is_blank and not both_away:
        group = PARENTS
        cells.note(RowNote.GUARDIAN_TAKEN_FROM_HOME)
    elif group is None:
        cells.note(RowNote.GUARDIAN_UNCLEAR)
    elif group.kind is GuardianKind.PARENT and both_away:
        cells.note(RowNote.GUARDIAN_PARENT_BUT_BOTH_AWAY)
    return GuardianFacts(
        name=name,
        kind=group.kind if group else None,
        word=group.word if group else "",
        relation=cells.text(Column.RELATION),
        phone=readings.read_phone(cells.value(Column.GUARDIAN_PHONE)),
        birth_year=_read_birth_year(cells),
        assessment=_read_assessment(cells),
    )


def _read_birth_year(cells: RowCells) -> int | None:
    value = cells.value(Column.GUARDIAN_BORN)
    text = str(value.year) if isinstance(value, (date, datetime)) else readings.squeeze(value)[:4]
    if text.isascii() and text.isdigit() and 1900 <= int(text) <= cells.as_of.year:
        return int(text)
    if text:
        cells.note(RowNote.GUARDIAN_BORN_UNCLEAR)
    return None


def _read_assessment(cells: RowCells) -> str:
    word = readings.squeeze(cells.value(Column.ASSESSMENT))
    if word and word not in _ASSESSMENTS:
        cells.note(RowNote.ASSESSMENT_UNCLEAR)
    return _ASSESSMENTS.get(word, "")
