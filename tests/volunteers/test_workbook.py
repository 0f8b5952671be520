"""The roster as a workbook: out and in again, each wrong line told, nothing half written."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select

from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.volunteers import Vetting, Volunteer
from portal.services.volunteers import roster as rosters
from portal.services.volunteers import workbook
from portal.services.volunteers.roster import Show
from portal.services.volunteers.workbook import COLUMNS, TakenIn
from portal.terms import Skill, Slot, VolunteerStatus, VolunteerTeam
from tests.clients import sign_in
from tests.volunteers.conftest import SCHOOL, TOWN, Roster

FULL = ["岳小楠", "100-3344-5566", "大学生", "志愿者队", "师范学院", 2003, "学业、音体美", "周末上午", "2025-03-01",
        date(2025, 3, 2), "", "2025年3月3日"]  # fmt: skip
WAITS = ["热心人", 10022334455, "", "", "", "", "", "", "", "", "", ""]


def book(*rows: Sequence[object], heads: Sequence[str] = COLUMNS, above: int = 0) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for n in range(above):
        sheet.append([f"标题{n}"])
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def take(roster: Roster, data: bytes, *, leave_others: bool = False) -> TakenIn:
    with roster.at() as (unit, actor):
        return workbook.take_in(unit, actor=actor, data=data, leave_others=leave_others)


def _all(roster: Roster) -> list[str]:
    with roster.at() as (unit, actor):
        shown = [
            one for show in Show for one in rosters.list_volunteers(unit, actor=actor, show=show).volunteers
        ]
        return [one.person.name for one in shown]


def test_people_are_entered_and_with_all_days_they_come_onto_the_roster(roster: Roster) -> None:
    done = take(roster, book(FULL, WAITS, above=2))
    assert (done.entered, done.enrolled, done.known, done.refused) == (2, 1, 0, [])
    with roster.at():
        joined = select(Volunteer).join(Volunteer.person).order_by(Person.birth_year.is_not(None))
        waits, one = db.session.scalars(joined)
        assert (one.person.name, waits.person.name) == ("岳小楠", "热心人")
        assert (one.status, one.team) == (VolunteerStatus.ACTIVE, VolunteerTeam.SERVICE)
        assert (one.skills, one.slots) == ((Skill.STUDY, Skill.ARTS), (Slot.WEEKEND_MORNING,))
        assert (one.person.birth_year, one.vetted_until) == (2003, date(2026, 3, 2))
        assert one.promised_on == date(2025, 3, 3)
        assert (waits.status, waits.person.phone) == (VolunteerStatus.PENDING, "10022334455")


def test_the_same_workbook_again_changes_nothing(roster: Roster) -> None:
    take(roster, book(FULL, WAITS))
    again = take(roster, book(FULL, WAITS))
    assert (again.entered, again.known, again.refused) == (0, 2, [])


WRONG = {
    2: ["甲", "100-3344-5566"],
    3: ["小年纪", "100-3344-0001", "", "", "", 2012],
    4: ["错类别", "100-3344-0002", "外星人"],
    5: ["错日期", "100-3344-0003", "", "", "", "", "", "", "昨天"],
    6: ["没电话", ""],
    7: ["未来人", "100-3344-0004", "", "", "", "", "", "", "", "2030-01-01"],
    8: ["错年份", "100-3344-0005", "", "", "", "去年"],
}


def test_with_a_wrong_line_nothing_is_written_unless_it_is_left_out(roster: Roster) -> None:
    rows = [*WRONG.values(), FULL]
    done = take(roster, book(*rows))
    assert (done.entered, done.enrolled) == (0, 0)
    assert [one.row for one in done.refused] == list(WRONG)
    assert [one.name for one in done.refused] == [str(row[0]) for row in WRONG.values()]
    assert all(str(one.why) for one in done.refused)
    assert _all(roster) == []
    with roster.at():
        assert db.session.scalar(select(func.count()).select_from(Vetting)) == 0
    assert take(roster, book(*rows), leave_others=True).entered == 1
    assert _all(roster) == ["岳小楠"]


@pytest.mark.parametrize("data", [b"no workbook", b"", book(FULL, heads=["谁", "哪里"])])
def test_what_is_no_roster_is_refused_beside_the_file(roster: Roster, data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        take(roster, data)
    assert refused.value.field == "file"


def test_what_goes_out_comes_in_again(roster: Roster) -> None:
    take(roster, book(FULL, WAITS))
    with roster.at() as (unit, actor):
        out = workbook.export_roster(unit, actor=actor)
        assert workbook.take_in(unit, actor=actor, data=out).known == 1
    sheet = openpyxl.load_workbook(io.BytesIO(out)).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][: len(COLUMNS)] == COLUMNS
    assert lines[1][:6] == ("岳小楠", "100-3344-5566", "大学生", "志愿者队", "师范学院", "2003")
    assert [str(value)[:10] for value in lines[1][8:12]] == [
        "2025-03-01",
        "2025-03-02",
        "2026-03-02",
        "2025-03-03",
    ]
    assert len(lines) == 2


def test_a_cell_never_becomes_a_formula(roster: Roster) -> None:
    take(roster, book(["=1+1名", "100-3344-5566", "大学生", "", "=HYPERLINK(1)"]))
    with roster.at() as (unit, actor):
        out = workbook.export_roster(unit, actor=actor, show=Show.WAITING)
    sheet = openpyxl.load_workbook(io.BytesIO(out)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} <= {
        "s",
        "n",
        "d",
    }


def test_a_school_neither_takes_it_out_nor_brings_one_in(roster: Roster) -> None:
    with roster.at(SCHOOL, "school") as (unit, actor):
        with pytest.raises(PermissionDenied):
            workbook.export_roster(unit, actor=actor)
        with pytest.raises(PermissionDenied):
            workbook.take_in(unit, actor=actor, data=book(FULL))


def test_the_page_says_which_lines_are_wrong_and_enters_the_rest_when_told(roster: Roster) -> None:
    client, address = sign_in(roster.app, "town"), f"/units/{TOWN}/volunteers/workbook"
    data = book(FULL, ["甲", "1"])

    def send(**more: str) -> object:
        return client.post(address, data={"file": (io.BytesIO(data), "名册.xlsx"), **more})

    refused = send()
    assert refused.status_code == 400  # type: ignore[attr-defined]
    assert "没有登记任何人" in refused.text  # type: ignore[attr-defined]
    assert send(leave_others="y").status_code == 200  # type: ignore[attr-defined]
    assert _all(roster) == ["岳小楠"]
    assert client.post(address, data={}).status_code == 400
    assert client.get(f"/units/{TOWN}/volunteers/roster.xlsx").data.startswith(b"PK")
    assert client.get(f"/units/{TOWN}/volunteers/blank.xlsx").data.startswith(b"PK")
