"""Reading the audit: a unit's lines for its head and the auditor, the looks at a child's file, one's own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, select, tuple_

from portal.config import CHINA
from portal.errors import PermissionDenied
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.audit import AuditEntry, AuditHead, FileLook
from portal.models.children import Child
from portal.services.audit.sentences import actions_of, kind_of, sentence_of, tells
from portal.tenancy.actor import Actor
from portal.tenancy.masks import Mask, mask_of
from portal.tenancy.names import name_matches
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.terms import ActKind, FileField, UnitKind

PAGE = 50
Key = tuple[str, int]


@dataclass(frozen=True)
class Line:
    """One line in plain words."""

    at: datetime
    seq: int
    who: str
    """Her name; empty where nobody had signed in."""
    role: str
    unit: str
    """The unit for which she acted."""
    whom: str
    """The adult it is about (a grant, a hand-over), if it names one."""
    elsewhere: str
    """The unit where it happened, if it was another."""
    text: str
    reason: str
    kind: ActKind

    @property
    def day(self) -> date:
        """The day in China."""
        return self.at.replace(tzinfo=UTC).astimezone(CHINA).date()

    @property
    def clock(self) -> str:
        """The time in China, 09:59."""
        return self.at.replace(tzinfo=UTC).astimezone(CHINA).strftime("%H:%M")


def by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    """Lines in their order, under the days on which they were written."""
    return [(day, list(group)) for day, group in groupby(lines, key=lambda line: line.day)]


@dataclass(frozen=True)
class Filter:
    """What the reader asked for; empty parts are no filter."""

    day: date | None = None
    name: str = ""
    kind: ActKind | None = None


def list_lines(
    unit: Unit, *, actor: Actor, only: Filter | None = None, after: Key | None = None, limit: int = PAGE
) -> tuple[list[Line], Key | None]:
    """The lines of a unit and everything below it, newest first, and the key of the next page."""
    actor.require(Permission.AUDIT_READ, at=unit)
    query = select(AuditEntry).where(_under(unit), *_asked(only or Filter()))
    if after is not None:
        query = query.where(
            tuple_(AuditEntry.at, AuditEntry.seq) < (datetime.fromisoformat(after[0]), after[1])
        )
    rows = db.session.scalars(
        query.order_by(AuditEntry.at.desc(), AuditEntry.seq.desc()).limit(limit + 1)
    ).all()
    page = rows[:limit]
    key = (page[-1].at.isoformat(), page[-1].seq) if len(rows) > limit else None
    return _shown(page, actor), key


def _under(unit: Unit) -> ColumnElement[bool]:
    if unit.kind is UnitKind.COUNTY:
        return AuditEntry.county_id == unit.id
    if unit.kind is UnitKind.TOWNSHIP:
        return AuditEntry.township_id == unit.id
    return AuditEntry.unit_id == unit.id


def _asked(only: Filter) -> Iterable[ColumnElement[bool]]:
    if only.day is not None:
        start = datetime.combine(only.day, time(), CHINA).astimezone(UTC).replace(tzinfo=None)
        yield AuditEntry.at >= start
        yield AuditEntry.at < start + timedelta(days=1)
    if only.name:
        named = select(Person.id).where(name_matches(Person.name, Person.name_key, only.name))
        yield AuditEntry.person_id.in_(named)
    if only.kind is not None:
        yield AuditEntry.action.in_(actions_of(only.kind))


def list_looks(child: Child, *, actor: Actor, limit: int = 20) -> list[Line]:
    """Who looked at a child's file, newest first: for those who keep it, not for a paired volunteer."""
    actor.require(Permission.CHILD_FILE_READ)
    if actor.is_volunteer:
        raise PermissionDenied("a volunteer sees the short card only")
    rows = _last_looks(FileLook.child_id == child.id, limit)
    return _shown(rows, actor, files={child.id: child.case_no})


def list_own(*, actor: Actor, limit: int = 20) -> list[Line]:
    """The actor's own last acts in the unit for which she acts now; for a volunteer, her own looks."""
    if actor.is_volunteer:
        rows = _last_looks(FileLook.person_id == actor.person_id, limit)
        paired = select(Child.id, Child.name).where(Child.id.in_([row.child_id for row in rows]))
        return _shown(rows, actor, files=dict(db.session.execute(paired).all()))
    own = select(AuditEntry).where(AuditEntry.person_id == actor.person_id)
    newest = own.order_by(AuditEntry.at.desc(), AuditEntry.seq.desc())
    return _shown(db.session.scalars(newest.limit(limit)).all(), actor)


def _last_looks(which: ColumnElement[bool], limit: int) -> Sequence[FileLook]:
    newest = select(FileLook).where(which).order_by(FileLook.at.desc(), FileLook.id.desc())
    return db.session.scalars(newest.limit(limit)).all()


def end_of_chain(unit: Unit, *, actor: Actor) -> tuple[int, str]:
    """The number and the first signs of the last hash of the county's chain, to be noted on paper."""
    actor.require(Permission.AUDIT_READ, at=unit)
    head = db.session.get(AuditHead, unit.county_id)
    return (head.seq, head.hash.partition("$")[2][:12]) if head else (0, "")


def _shown(
    rows: Sequence[AuditEntry | FileLook], actor: Actor, *, files: Mapping[int, str] | None = None
) -> list[Line]:
    """`files` says how the reader calls the children of looks."""
    ids = {row.person_id for row in rows if row.person_id}
    people = {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    places = {number for row in rows for number in _places(row) if number}
    units = dict(db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(places))).all())
    lines = [_line(row, people.get(row.person_id or 0), units, actor, files or {}) for row in rows]
    whom = _adults(row.subject for row in rows if isinstance(row, AuditEntry))
    named = [whom.get(getattr(row, "subject", ""), "") for row in rows]
    return [replace(line, whom=name) for line, name in zip(lines, named, strict=True)]


def _adults(subjects: Iterable[str]) -> dict[str, str]:
    """The names behind subjects `person:<id>`. Children are never looked up."""
    ids = [uuid.UUID(one.removeprefix("person:")) for one in set(subjects) if one.startswith("person:")]
    if not ids:
        return {}
    people = select(Person.public_id, Person.name).where(Person.public_id.in_(ids))
    return {f"person:{key}": name for key, name in db.session.execute(people)}


def _places(row: AuditEntry | FileLook) -> tuple[int | None, int | None]:
    """For which unit, and where."""
    if isinstance(row, FileLook):
        return row.stat_unit_id, row.stat_unit_id
    return row.from_unit_id, row.unit_id


def _may_read_words(row: AuditEntry | FileLook, actor: Actor) -> bool:
    """Whether the reader sees the words typed as a reason: the log's administrator reads none; why somebody
    read a sensitive note is told to those alone who might read such a note themselves."""
    if actor.role is Role.AUDIT_ADMIN:
        return False
    of_a_note = row.details.get("field") == FileField.NOTE and row.person_id != actor.person_id
    return not (of_a_note and mask_of(actor.role, FileField.NOTE) is Mask.NEVER)


def _line(
    row: AuditEntry | FileLook,
    person: Person | None,
    units: Mapping[int, str],
    actor: Actor,
    files: Mapping[int, str],
) -> Line:
    acting, where = _places(row)
    hidden = tells(row.action, "reason") or not _may_read_words(row, actor)
    reason = "" if hidden else str(row.details.get("reason", ""))
    details = row.details | ({"case": files.get(row.child_id, "—")} if isinstance(row, FileLook) else {})
    return Line(
        at=row.at,
        seq=row.seq if isinstance(row, AuditEntry) else row.id,
        who=person.name if person else "",
        role=str(row.role.label) if row.role else "",
        unit=units.get(acting or 0, ""),
        whom="",
        elsewhere=units.get(where or 0, "") if where != acting else "",
        text=sentence_of(row.action, details),
        reason=reason,
        kind=kind_of(row.action),
    )
