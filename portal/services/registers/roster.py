"""Rows of a roster sheet → what they say, each accepted or refused for one reason (contract.md §5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from portal.services.registers import identity, readings
from portal.services.registers.cells import RowCells
from portal.services.registers.columns import Column
from portal.services.registers.dates import Day, read_day
from portal.services.registers.family import read_capability, read_guardian_facts, read_parent
from portal.services.registers.places import address_beyond
from portal.services.registers.records import GuardianFacts, ParentFacts, RosterRow, RowNote
from portal.services.registers.sheet import Sheet
from portal.terms import ParentRole, RefusalReason, Sex

__all__ = ["GuardianFacts", "ParentFacts", "RosterRow", "RowNote", "parse_roster"]

LONGEST = {
    Column.NAME: 40, Column.ETHNICITY: 20, Column.RESIDENCE: 120, Column.HEALTH: 100, Column.SCHOOLING: 40,
    Column.GRADE: 20, Column.CLASS: 40, Column.FATHER_NAME: 40, Column.FATHER_PLACE: 120,
    Column.FATHER_PHONE: 60, Column.MOTHER_NAME: 40, Column.MOTHER_PLACE: 120, Column.MOTHER_PHONE: 60,
    Column.GUARDIAN: 60, Column.RELATION: 40, Column.GUARDIAN_PHONE: 60, Column.INCOME: 100,
    Column.AID: 200, Column.REMARK: 500,
}  # fmt: skip
"""Characters a column may hold; longer texts are refused, never cut."""

_SEXES = {"男": Sex.MALE, "男性": Sex.MALE, "男孩": Sex.MALE, "M": Sex.MALE,
          "女": Sex.FEMALE, "女性": Sex.FEMALE, "女孩": Sex.FEMALE, "F": Sex.FEMALE}  # fmt: skip


def parse_roster(
    sheet: Sheet,
    *,
    find_village: Callable[[str], Any],
    is_inside_county: Callable[[str], bool],
    as_of: date,
) -> list[RosterRow]:
    """Read every data row of `sheet`; `find_village` gives a village's key or None, over the whole county.

    The first fault wins, in the order name, ID number, birth date, difference from the ID number, sex,
    village, away, further texts, duplicate. A row is a duplicate if an accepted row above has its ID number:
    a refused row does not stand in the way of a good one. Nothing is raised for any content.
    """
    accepted: dict[str, int] = {}
    read: list[RosterRow] = []
    for row in sheet.rows:
        found = _read_row(RowCells(row, sheet.columns, as_of), find_village, is_inside_county)
        if found.reason is None:
            first = accepted.setdefault(found.id_no, found.row)
            if first != found.row:
                found = replace(found, reason=RefusalReason.DUPLICATE_IN_FILE, detail=str(first))
        read.append(found)
    return read


def _read_row(
    cells: RowCells, find_village: Callable[[str], Any], is_inside_county: Callable[[str], bool]
) -> RosterRow:
    """Read the parts of a row in the order in which their faults count."""
    name = _read_child_name(cells)
    id_no = _read_id(cells)
    birth_date = _read_birth_date(cells, id_no)
    sex = _read_sex(cells, id_no)
    village, address = _read_residence(cells, find_village)
    father = read_parent(cells, ParentRole.FATHER, is_inside_county)
    mother = read_parent(cells, ParentRole.MOTHER, is_inside_county)
    capable = read_capability(cells, father, mother)
    guardian = read_guardian_facts(cells, father, mother)
    grade, class_name = readings.read_class(cells.text(Column.GRADE) + cells.text(Column.CLASS))
    hukou = cells.answer(Column.HUKOU, readings.HUKOU_YES, readings.HUKOU_NO, RowNote.HUKOU_UNCLEAR)
    boarding = cells.answer(
        Column.BOARDING, readings.BOARDING_YES, readings.BOARDING_NO, RowNote.BOARDING_UNCLEAR
    )
    _check_lengths(cells)
    return RosterRow(
        row=cells.row.number, raw=cells.row.cells, reason=cells.reason, detail=cells.detail,
        notes=tuple(cells.notes), name=name, sex=sex, birth_date=birth_date, id_no=id_no,
        ethnicity=cells.text(Column.ETHNICITY), hukou_registered=hukou, village=village, address=address,
        health=cells.text(Column.HEALTH), schooling=cells.text(Column.SCHOOLING), grade=grade,
        class_name=class_name, boarding=boarding, father=father, mother=mother,
        other_parent_capable=capable, guardian=guardian, income_source=cells.text(Column.INCOME),
        aid=cells.text(Column.AID), remark=cells.text(Column.REMARK),
    )  # fmt: skip


def _read_child_name(cells: RowCells) -> str:
    name = readings.read_name(cells.value(Column.NAME))
    if not name:
        cells.refuse(RefusalReason.NAME_MISSING)
    return name


def _read_id(cells: RowCells) -> str:
    """The ID number, empty if it is faulty."""
    value = cells.value(Column.ID_NO)
    text = readings.text_of(value)
    if isinstance(value, (int, float)) or identity.is_rounded(text):
        cells.refuse(RefusalReason.ID_NUMBER_IS_A_ROUNDED_NUMBER, text)
        return ""
    id_no = identity.normalise_id(text)
    if fault := identity.find_fault(id_no):
        cells.refuse(fault)
        return ""
    return id_no


def _read_birth_date(cells: RowCells, id_no: str) -> date | None:
    by_id = identity.born_on(id_no) if id_no else None
    value = cells.value(Column.BIRTH_DATE)
    try:
        born = _complete(cells, read_day(value), by_id) if value != "" else by_id
    except ValueError:
        cells.refuse(RefusalReason.BIRTH_DATE_INVALID, value)
        return None
    if value == "" and by_id:
        cells.note(RowNote.BIRTH_DATE_FROM_ID)
    if born and by_id and born != by_id:
        cells.refuse(RefusalReason.BIRTH_DATE_DIFFERS_FROM_ID, born.isoformat())
    elif born and born > cells.as_of:
        cells.refuse(RefusalReason.BIRTH_DATE_IN_FUTURE, born.isoformat())
    elif born and (cells.as_of.year - born.year, cells.as_of.month, cells.as_of.day) >= (
        16,
        born.month,
        born.day,
    ):
        cells.note(RowNote.SIXTEEN_OR_OLDER)
    return born


def _complete(cells: RowCells, day: Day, by_id: date | None) -> date:
    """A date whose day may be missing (2015年6月): the ID number tells it if the month is the same."""
    if day.day:
        return date(day.year, day.month, day.day)
    if by_id and (by_id.year, by_id.month) == (day.year, day.month):
        cells.note(RowNote.BIRTH_DAY_FROM_ID)
        return by_id
    return day.first_of_month


def _read_sex(cells: RowCells, id_no: str) -> Sex | None:
    word = readings.squeeze(cells.value(Column.SEX)).upper()
    by_id = identity.sex_of(id_no) if id_no else None
    if not word:
        if by_id:
            cells.note(RowNote.SEX_FROM_ID)
        return by_id
    sex = _SEXES.get(word)
    if sex is None:
        cells.refuse(RefusalReason.SEX_UNREADABLE, word)
    elif by_id and sex is not by_id:
        cells.refuse(RefusalReason.SEX_DIFFERS_FROM_ID, word)
    return sex


def _read_residence(cells: RowCells, find_village: Callable[[str], Any]) -> tuple[Any, str]:
    """Key of the village and the rest of the address."""
    place = cells.text(Column.RESIDENCE)
    if not place:
        cells.refuse(RefusalReason.VILLAGE_MISSING)
        return None, ""
    village = find_village(place)
    if village is None:
        cells.refuse(RefusalReason.VILLAGE_UNKNOWN, place)
        return None, place
    return village, address_beyond(place, find_village)


def _check_lengths(cells: RowCells) -> None:
    for column, longest in LONGEST.items():
        if len(cells.text(column)) > longest:
            cells.refuse(RefusalReason.TEXT_TOO_LONG, column.value)
