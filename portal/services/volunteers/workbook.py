"""The roster as a workbook, out and in again: the same columns, the words of the portal, one person a line.

What is brought in waits for its checks like everybody else; where the workbook says on which days identity and
record were checked and the promise was signed, that is written down and the person comes onto the roster.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.errors import FileRefused, Refused
from portal.extensions import db
from portal.models.accounts import Person, phone_key
from portal.models.volunteers import Vetting, Volunteer
from portal.services import audit
from portal.services.registers.headers import Row
from portal.services.registers.sheet import read_tables
from portal.services.registers.workbooks import SafeBook
from portal.services.volunteers import entries, roster, vetting
from portal.services.volunteers.entries import Entry
from portal.services.volunteers.roster import Show
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Skill, Slot, Term, VettingKind, VettingResult, VolunteerCategory, VolunteerTeam

NAME, PHONE, CATEGORY, TEAM, POST, BORN = "姓名", "联系电话", "类别", "队伍", "单位及职务", "出生年份"
SKILLS, SLOTS, IDENTITY, RECORD, UNTIL, PROMISE = (
    "特长", "服务时间", "身份核验日期", "违法犯罪记录查询日期", "查询有效期至", "承诺书签订日期",
)  # fmt: skip
STATUS, PAIRED = "状态", "结对儿童数"
COLUMNS = (NAME, PHONE, CATEGORY, TEAM, POST, BORN, SKILLS, SLOTS, IDENTITY, RECORD, UNTIL, PROMISE)
MOST = 2_000
"""Rows of one workbook: a county's roster is hundreds."""


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be taken in: its number in the sheet, the person, why."""

    row: int
    name: str
    why: Any


@dataclass(frozen=True)
class TakenIn:
    """What a workbook brought."""

    entered: int
    enrolled: int
    known: int
    """On a roster of the county already: left as they are."""
    refused: Sequence[Refusal]


# ---- out


def export_roster(unit: Unit, *, actor: Actor, show: Show = Show.ROSTER) -> bytes:
    """The unit's roster as a workbook, page by page of the list, so that memory does not grow with the rows."""
    actor.require(Permission.VOLUNTEER_GOVERN, at=unit)
    out = SafeBook()
    page = out.book.add_worksheet("志愿者名册")
    with force_locale("zh_Hans_CN"):
        for at, head in enumerate((*COLUMNS, STATUS, PAIRED)):
            out.write(page, (0, at), head, out.head)
        number = 0
        for volunteer, paired, checked in _all(unit, actor, show):
            number += 1
            for at, value in enumerate(_cells(volunteer, paired, checked)):
                out.write(page, (number, at), value)
    page.set_column(0, len(COLUMNS) + 1, 14)
    page.freeze_panes(1, 1)
    audit.read(actor, "volunteers:roster:export", at=unit, subject=f"unit:{unit.code}", details={"rows": number},
               each=True)  # fmt: skip
    return out.finish()


def blank_roster(unit: Unit, *, actor: Actor) -> bytes:
    """The same columns without a line, with the words to choose from."""
    actor.require(Permission.VOLUNTEER_GOVERN, at=unit)
    out = SafeBook()
    page = out.book.add_worksheet("志愿者名册")
    with force_locale("zh_Hans_CN"):
        for at, head in enumerate(COLUMNS):
            out.write(page, (0, at), head, out.head)
        for head, term in ((CATEGORY, VolunteerCategory), (TEAM, VolunteerTeam)):
            choices = {"validate": "list", "source": [str(one.label) for one in term]}
            page.data_validation(1, COLUMNS.index(head), MOST, COLUMNS.index(head), choices)
    page.set_column(0, len(COLUMNS), 14, out.text)
    page.freeze_panes(1, 0)
    return out.finish()


_Checked = dict[VettingKind, date]


def _all(unit: Unit, actor: Actor, show: Show) -> Iterator[tuple[Volunteer, int, _Checked]]:
    after: tuple[str, int] | None = None
    while True:
        found = roster.list_volunteers(unit, actor=actor, show=show, after=after, limit=200)
        checked = _checked([one.id for one in found.volunteers])
        for volunteer in found.volunteers:
            yield volunteer, found.paired.get(volunteer.person_id, 0), checked.get(volunteer.id, {})
        if (after := found.next_key) is None:
            return


def _checked(volunteers: Sequence[int]) -> dict[int, _Checked]:
    """Volunteer → the day of her newest passed check of each kind."""
    query = select(Vetting.volunteer_id, Vetting.kind, func.max(Vetting.checked_on)).where(
        Vetting.volunteer_id.in_(volunteers), Vetting.result == VettingResult.PASSED
    )
    found: dict[int, _Checked] = {}
    for number, kind, day in db.session.execute(query.group_by(Vetting.volunteer_id, Vetting.kind)):
        found.setdefault(number, {})[kind] = day
    return found


def _cells(one: Volunteer, paired: int, checked: _Checked) -> list[object]:
    person, words = one.person, lambda terms: "、".join(str(term.label) for term in terms)
    return [
        person.name, person.phone, str(one.category.label), str(one.team.label) if one.team else "", person.post,
        str(person.birth_year or ""), words(one.skills), words(one.slots), checked.get(VettingKind.IDENTITY),
        checked.get(VettingKind.RECORD), one.vetted_until, one.promised_on, str(one.status.label), paired,
    ]  # fmt: skip


# ---- in


def take_in(unit: Unit, *, actor: Actor, data: bytes, leave_others: bool = False) -> TakenIn:
    """Enter the people of a workbook. With a line that cannot be taken in nothing is written, unless
    `leave_others` says to leave such lines out.

    Raises Refused beside `file` for what is no workbook or has no header with 姓名 and 联系电话.
    """
    actor.require(Permission.VOLUNTEER_GOVERN, at=unit)
    with force_locale("zh_Hans_CN"):
        rows = _rows(data)
    refused = [one for one in rows if isinstance(one, Refusal)]
    known, on_file = 0, _on_file(unit)
    entered = enrolled = 0
    whole = db.session.begin_nested()
    for line in rows:
        if isinstance(line, Refusal):
            continue
        if (line.name, phone_key(line.phone)) in on_file:
            known += 1
            continue
        try:
            with db.session.begin_nested():
                enrolled += _enter(unit, actor, line)
            entered += 1
        except Refused as why:
            refused.append(Refusal(line.number, line.name, why.message))
    if refused and not leave_others:
        whole.rollback()
        return TakenIn(0, 0, known, sorted(refused, key=lambda one: one.row))
    whole.commit()
    audit.record(actor, "volunteers:roster:import", at=unit,
                 details={"entered": entered, "refused": len(refused)})  # fmt: skip
    return TakenIn(entered, enrolled, known, sorted(refused, key=lambda one: one.row))


def _on_file(unit: Unit) -> set[tuple[str, str]]:
    """(name, digits of the phone) of whoever stands on a roster of the county: she stays as she is there."""
    query = select(Person.name, Person.phone_key).join(Volunteer, Volunteer.person_id == Person.id)
    return {
        (name, digits) for name, digits in db.session.execute(query.where(Person.county_id == unit.county_id))
    }


@dataclass(frozen=True)
class _Line:
    number: int
    name: str
    phone: str
    entry: Entry
    identity: date | None
    record: date | None
    until: date | None
    promise: date | None


def _enter(unit: Unit, actor: Actor, line: _Line) -> int:
    """1 if the person came onto the roster."""
    one = entries.enter(unit, actor=actor, name=line.name, phone=line.phone, entry=line.entry)
    for kind, day in ((VettingKind.IDENTITY, line.identity), (VettingKind.RECORD, line.record)):
        if day is not None:
            vetting.vet(one, actor=actor, kind=kind, result=VettingResult.PASSED, checked_on=day,
                        valid_until=line.until if kind is VettingKind.RECORD else None)  # fmt: skip
    if line.promise is not None:
        vetting.promise(one, actor=actor, on=line.promise)
    if line.identity is None or line.promise is None:
        return 0
    vetting.enroll(one, actor=actor)
    return 1


def _rows(data: bytes) -> list[_Line | Refusal]:
    try:
        tables = read_tables(data)
    except FileRefused as why:
        raise Refused(why.message, field="file") from None
    for table in tables:
        for at, row in enumerate(table[:20]):
            heads = {_folded(value): index for index, value in enumerate(row.cells) if _folded(value)}
            if NAME in heads and PHONE in heads:
                below = [one for one in table[at + 1 :] if any(_folded(value) for value in one.cells)]
                if len(below) > MOST:
                    raise Refused(_l("At most %(n)s people at a time.", n=MOST), field="file")
                return [_read(one, heads) for one in below]
    raise Refused(_l("No sheet has a header row with 姓名 and 联系电话: use the empty form."), field="file")


def _folded(value: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(value or "")).split())


def _read(row: Row, heads: Mapping[str, int]) -> _Line | Refusal:
    def cell(head: str) -> object:
        return row.cell(heads[head]) if head in heads else ""

    name = str(cell(NAME) or "").strip()
    try:
        entry = Entry(
            category=_one(VolunteerCategory, cell(CATEGORY), CATEGORY) or VolunteerCategory.CITIZEN,
            post=str(cell(POST) or "").strip()[:80], birth_year=_year(cell(BORN)),
            team=_one(VolunteerTeam, cell(TEAM), TEAM), skills=_some(Skill, cell(SKILLS), SKILLS),
            slots=_some(Slot, cell(SLOTS), SLOTS),
        )  # fmt: skip
        days = [_day(cell(head), head) for head in (IDENTITY, RECORD, UNTIL, PROMISE)]
        return _Line(row.number, name[:40], _digits(cell(PHONE)), entry, *days)
    except Refused as why:
        return Refusal(row.number, name, why.message)


def _digits(value: object) -> str:
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "").strip()[:24]
    )


def _one(term: type[Any], value: object, head: str) -> Any:
    word = _folded(value)
    if not word:
        return None
    found = {_folded(one.label): one for one in term}.get(word)
    if found is None:
        raise Refused(_l("%(head)s: “%(word)s” is not one of %(words)s.", head=head, word=word[:20],
                         words="、".join(str(one.label) for one in term)))  # fmt: skip
    return found


def _some(term: type[Term], value: object, head: str) -> tuple[Any, ...]:
    words = _folded(value).replace(",", "、").replace(";", "、").split("、")
    return tuple(_one(term, word, head) for word in words if word)


def _year(value: object) -> int | None:
    if not _folded(value):
        return None
    try:
        year = value.year if isinstance(value, date) else int(float(_folded(value)[:4]))
    except ValueError:
        year = 0
    if not 1900 <= year <= 2100:
        raise Refused(_l("%(head)s: write a year of four digits.", head=BORN))
    return year


def _day(value: object, head: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not _folded(value):
        return value if isinstance(value, date) else None
    readers: tuple[Callable[[str], date], ...] = (
        date.fromisoformat,
        lambda text: datetime.strptime(text, "%Y.%m.%d").date(),
        lambda text: datetime.strptime(text, "%Y年%m月%d日").date(),
        lambda text: datetime.strptime(text, "%Y/%m/%d").date(),
    )
    for read in readers:
        try:
            return read(_folded(value))
        except ValueError:
            continue
    raise Refused(_l("%(head)s: write the day like 2025-09-01.", head=head))
