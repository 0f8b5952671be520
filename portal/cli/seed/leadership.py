"""Leadership in the demo county: a group at every level, the joint conference of 21 member units, meetings, plans.

K02 has no group, two member units have no liaison, one decision is late: planted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from portal.cli.seed import tables
from portal.cli.seed.book import Book, Place
from portal.cli.seed.figures import CountyPlan
from portal.cli.seed.people import Someone, Staff
from portal.models.leadership import (
    GroupDecision,
    GroupMeeting,
    LeadershipGroup,
    LeadershipPost,
    MemberUnit,
    WorkPlan,
    WorkPlanItem,
    WorkTarget,
)
from portal.tenancy.columns import FOREVER
from portal.terms import DutyArea, GroupKind, Position, TaskState

FOUNDED, CHANGED = date(2024, 9, 2), date(2025, 3, 1)
WITHOUT = "K02"
"""Planted: a kindergarten without a leadership group."""
NEW_DEPUTY = "S03"
"""A school whose deputy head changed on `CHANGED`: its old list stays true for its days."""
TERM = "2024-2025-2"
OFFICES = ("县妇联", "团县委", "县教育局", "县民政局", "县公安局", "县人民检察院", "县司法局", "县财政局",
           "县人社局", "县卫健局", "县关工委")  # fmt: skip
SILENT = 2
"""Planted: member units without a liaison."""
_DUTIES = ((DutyArea.SAFETY_LAW,), (DutyArea.STUDY,), (DutyArea.MIND, DutyArea.LIFE), (DutyArea.IDEALS,))
_ITEMS = (
    ("开学摸底，更新花名册和联系卡", date(2025, 2, 28), "基本信息已核对"),
    ("召开领导小组会议，部署本学期工作", date(2025, 3, 31), "会议已召开"),
    ("清明前后开展安全教育", date(2025, 4, 30), "各班已开展"),
    ("期中家访", date(2025, 5, 31), "家访记录已归档"),
    ("期末联系外出父母，布置暑期安全", date(2025, 6, 30), ""),
    ("暑期关爱活动，学期工作总结", date(2025, 8, 31), ""),
)
_TARGETS = (("CON_VISIT_RATE", "家访率", 95.0), ("CON_TALK_RATE", "谈心履行率", 90.0))


@dataclass(frozen=True)
class _Member:
    """Who sits in a group, as what."""

    person: Someone
    title: str
    position: Position = Position.MEMBER
    duties: tuple[DutyArea, ...] = ()
    member_unit: int | None = None


def add_leadership(book: Book, plan: CountyPlan, places: dict[str, Place], staff: Staff) -> None:
    """Add the groups, meetings and plans of the plan's units."""
    writer = _Writer(book)
    _add_county(writer, places, staff)
    for town in plan.towns:
        key, row = town.row.key, town.row
        head = staff.named[key, row.head_name]
        villages = [_Member(staff.directors[one], f"{one}儿童主任") for one in row.villages]
        office = _Member(staff.coordinators[key], "儿童督导员", Position.OFFICE_HEAD, (DutyArea.LIAISON,))
        writer.group(places[key], [_Member(head, row.head_post, Position.HEAD), office, *villages])
    for school in plan.schools:
        key, schools = school.row.key, school.row
        if key != WITHOUT:
            head = staff.named[key, schools.head_name]
            teachers = [
                person
                for (at, _name), person in staff.class_teachers.items()
                if at == key and person is not head
            ]
            others = [staff.coordinators[key], *teachers[:4]]
            members = [_Member(head, schools.head_post, Position.HEAD)]
            for number, person in enumerate(dict.fromkeys(others)):
                position = Position.MEMBER if number else Position.DEPUTY
                members.append(_Member(person, "留守儿童工作专干" if number == 0 else "班主任", position,
                                       _DUTIES[number % len(_DUTIES)]))  # fmt: skip
            writer.group(places[key], members, former=teachers[-1] if key == NEW_DEPUTY else None)


def _add_county(writer: _Writer, places: dict[str, Place], staff: Staff) -> None:
    place, posts = places[tables.COUNTY], {row.login: row for row in tables.logins()}

    def somebody(login: str, position: Position = Position.MEMBER, *, unit: int | None = None) -> _Member:
        row = posts[login]
        return _Member(staff.named[row.unit, row.name], row.post, position, member_unit=unit)

    departments = [somebody(login) for login in ("wf01", "cyl01", "edu01", "civil01")]
    writer.group(
        place, [somebody("leader01", Position.HEAD), somebody("county01", Position.OFFICE_HEAD), *departments]
    )
    conference = writer.open(
        place, GroupKind.JOINT_CONFERENCE, f"{place.name}农村留守儿童关爱保护工作联席会议", 5
    )
    offices = [*OFFICES, *tables.bureaus(), "县人民法院", "县残联"]
    units = [writer.member_unit(place, conference, name) for name in offices]
    writer.seat(place, conference, somebody("leader01", Position.HEAD))
    writer.seat(place, conference, somebody("county01", Position.OFFICE_HEAD))
    for number, login in enumerate(("wf01", "cyl01", "edu01", "civil01")):
        writer.seat(place, conference, somebody(login, unit=units[number]))
    clerks = [person for people in staff.cadres.values() for person in people]
    for number, unit in enumerate(units[:-SILENT] if clerks else ()):
        clerk = clerks[number % len(clerks)]
        writer.seat(place, conference, _Member(clerk, "", Position.LIAISON, member_unit=unit))
    writer.meeting(place, conference, posts["leader01"].name, staff.named[tables.COUNTY, posts["county01"].name],
                   date(2025, 3, 14), "研究春季学期关爱保护工作", late=True)  # fmt: skip


class _Writer:
    """Adds the rows of one group after the other."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.numbers = 0

    def group(self, place: Place, members: Sequence[_Member], former: Someone | None = None) -> None:
        """A leadership group with its posts, a meeting and the plan of the term."""
        self.numbers += 1
        number = self.open(
            place, GroupKind.LEADING, f"{place.name}关爱农村留守儿童工作领导小组", self.numbers
        )
        head = members[0].person
        for one in members:
            new = former is not None and one.position is Position.DEPUTY
            self.seat(place, number, one, since=CHANGED if new else FOUNDED)
        if former is not None:
            before = _Member(former, "副校长", Position.DEPUTY, (DutyArea.SAFETY_LAW,))
            self.seat(place, number, before, until=CHANGED)
        self.meeting(place, number, head.name, members[1].person if len(members) > 1 else head,
                     date(2025, 3, 5), "春季学期关爱工作部署会")  # fmt: skip
        self.plan(place, head, members[-1].person)

    def open(self, place: Place, kind: GroupKind, name: str, document: int) -> int:
        return self.book.add(
            LeadershipGroup, key=f"{place.code}/{kind.value}", **place.scope, kind=kind, name=name,
            document_no=f"{place.name}〔2024〕{document}号", founded_on=FOUNDED, until=FOREVER, end_reason=None,
        )  # fmt: skip

    def member_unit(self, place: Place, group: int, name: str) -> int:
        return self.book.add(
            MemberUnit, **place.scope, group_id=group, name=name, since=FOUNDED, until=FOREVER
        )

    def seat(
        self, place: Place, group: int, one: _Member, *, since: date = FOUNDED, until: date = FOREVER
    ) -> None:
        self.book.add(
            LeadershipPost, **place.scope, group_id=group, position=one.position, name=one.person.name,
            title=one.title, phone="", member_unit_id=one.member_unit, person_id=one.person.id,
            duty_areas=one.duties, since=since, until=until,
        )  # fmt: skip

    def meeting(
        self,
        place: Place,
        group: int,
        chair: str,
        writer: Someone,
        held_on: date,
        topic: str,
        late: bool = False,
    ) -> None:
        number = self.book.add(
            GroupMeeting, **place.scope, group_id=group, held_on=held_on, topic=topic, place="会议室",
            chair=chair, present=None, minutes="会议通报上学期情况，研究本学期安排。", person_id=writer.id,
            written_at=datetime.combine(held_on, time(9)),
        )  # fmt: skip
        decisions = [("完成摸底核对，更新联系卡", date(2025, 4, 15), not late),
                     ("期末前完成家访并归档", date(2025, 7, 5), False)]  # fmt: skip
        for what, due_on, is_done in decisions:
            self._task(
                GroupDecision,
                place,
                what,
                writer.name,
                due_on,
                "已完成" if is_done else "",
                meeting_id=number,
            )

    def plan(self, place: Place, head: Someone, owner: Someone) -> None:
        number = self.book.add(
            WorkPlan, **place.scope, period=TERM, title="2025年春季学期留守儿童关爱工作计划",
            goals="摸清底数，结对到人，家访到户，活动经常。", filed_on=date(2025, 2, 24),
        )  # fmt: skip
        for what, due_on, result in _ITEMS:
            self._task(WorkPlanItem, place, what, owner.name, due_on, result, plan_id=number)
        for code, what, value in _TARGETS:
            self._task(WorkTarget, place, what, head.name, date(2025, 6, 30), "", plan_id=number,
                       indicator=code, value=value)  # fmt: skip

    def _task(
        self, model: type, place: Place, what: str, owner: str, due_on: date, result: str, **more: Any
    ) -> None:
        self.book.add(
            model, **place.scope, what=what, owner=owner, due_on=due_on, result=result,
            state=TaskState.DONE if result else TaskState.OPEN, settled_on=due_on if result else None, **more,
        )  # fmt: skip
