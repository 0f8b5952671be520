"""The children behind a figure, for roles that see names masked (county, township leader, auditor).

They say first what they need the list for. That line of the audit is the pass: it opens the list of this one
unit to the same person in the same role for half an hour, and nothing else opens it. The list names nobody
(王○○; for the auditor the case number), leads to no file, and cannot be searched: whoever may ask for the
beginning of a name finds out the whole of it. Its page keys hold no name for the same reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, load_only

from portal.config import CHINA, now
from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.audit import AuditEntry
from portal.models.children import Child, Standing
from portal.services import audit
from portal.services.children.covered import SHORTEST_REASON
from portal.tenancy.actor import Actor
from portal.tenancy.masks import Mask, mask_of, masked_name
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, FileField, ListPurpose, SchoolKind, Sex, Side, UnitKind

ASK = "children:masked:open"
PASS = timedelta(minutes=30)
"""How long a purpose opens the list of its unit."""
PAGE = 50


@dataclass(frozen=True)
class Figure:
    """What is counted: the children of one side, on one basis, as they stood on a day."""

    side: Side
    basis: Basis
    as_of: date


@dataclass(frozen=True)
class Pass:
    """A purpose that still opens the list."""

    purpose: ListPurpose
    until: datetime

    @property
    def clock(self) -> str:
        """Until when, in China: 09:59."""
        return self.until.replace(tzinfo=UTC).astimezone(CHINA).strftime("%H:%M")


@dataclass(frozen=True)
class MaskedLine:
    """A child as a masked reader sees her: nothing by which a file could be found."""

    who: str
    sex: Sex
    age: int
    class_name: str
    grade: int | None
    place: str
    """The village or school, where the list is a township's."""
    official: bool


@dataclass(frozen=True)
class MaskedPage:
    """One page, the number of all, and the key of the next page."""

    lines: list[MaskedLine]
    total: int
    by_case: bool
    """The first column is the case number: this reader is never shown a name."""
    next_key: tuple[Any, ...] | None


def needs_words(actor: Actor, purpose: ListPurpose) -> bool:
    """Whether a sentence must go with the purpose: where the table says so, and for any other reason."""
    actor.require(Permission.CHILD_MASKED_READ)
    return mask_of(actor.role, FileField.NAME) is Mask.REASON or purpose is ListPurpose.OTHER


def ask(unit: Unit, *, actor: Actor, purpose: ListPurpose, words: str = "") -> None:
    """Write down what the list of `unit` is needed for: it opens for half an hour.

    Raises NotFound for a county (its figure is told place by place), Refused where a sentence is missing.
    """
    actor.require(Permission.CHILD_MASKED_READ, at=unit)
    _one_place(unit)
    if needs_words(actor, purpose) and len(words.strip()) < SHORTEST_REASON:
        raise Refused(_l("Write in a few words what you need it for."), field="words")
    reason = {"reason": words.strip()} if words.strip() else {}
    audit.record(
        actor, ASK, at=unit, subject=f"unit:{unit.code}", details={"purpose": purpose.value} | reason
    )


def find_pass(unit: Unit, *, actor: Actor) -> Pass | None:
    """The reader's purpose for this unit, if it was written down within the last half hour."""
    actor.require(Permission.CHILD_MASKED_READ, at=unit)
    _one_place(unit)
    asked = db.session.execute(
        select(AuditEntry.at, AuditEntry.details)
        .where(
            AuditEntry.person_id == actor.person_id,
            AuditEntry.at > now() - PASS,
            AuditEntry.action == ASK,
            AuditEntry.unit_id == unit.id,
            AuditEntry.role == actor.role,
            AuditEntry.from_unit_id == actor.unit.id,
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.seq.desc())
        .limit(1)
    ).first()
    return Pass(ListPurpose(asked.details["purpose"]), asked.at + PASS) if asked else None


def list_masked(
    unit: Unit, figure: Figure, *, actor: Actor, after: tuple[Any, ...] | None = None, limit: int = PAGE
) -> MaskedPage:
    """One page of the children a figure counts, by class (school) or place (township). Every page is a line.

    Raises PermissionDenied without a purpose that still holds (`find_pass` asks for the permission).
    """
    if find_pass(unit, actor=actor) is None:
        raise PermissionDenied("the list opens for a purpose only")
    counted, place = _counted(unit, figure), _place(unit)
    total = db.session.scalar(counted.with_only_columns(func.count())) or 0
    query = counted.with_only_columns(Child, Standing.official, Standing.stat_unit_id)
    if after is not None:
        query = query.where(tuple_(place, Child.id) > after)
    shown = Child.case_no if _by_case(actor) else Child.name
    query = query.options(
        load_only(shown, Child.sex, Child.birth_date, Child.class_name, Child.grade, raiseload=True)
    )
    rows = db.session.execute(query.order_by(place, Child.id).limit(limit + 1)).all()
    page, more = rows[:limit], len(rows) > limit
    told = {"children": len(page), "side": figure.side.value, "basis": figure.basis.value}
    audit.read(actor, "children:masked:read", at=unit, subject=f"unit:{unit.code}", details=told, each=True)
    lines, key = _lines(page, unit, figure, actor), _key(page[-1], unit) if more else None
    return MaskedPage(lines, total, _by_case(actor), key)


def _one_place(unit: Unit) -> None:
    if unit.kind is UnitKind.COUNTY:
        raise NotFound("the figure of a county is told place by place")


def _by_class(unit: Unit) -> bool:
    return unit.kind is UnitKind.SCHOOL


def _place(unit: Unit) -> InstrumentedAttribute[Any]:
    return Child.class_name if _by_class(unit) else Standing.stat_unit_id


def _key(row: Any, unit: Unit) -> tuple[Any, ...]:
    return (row.Child.class_name if _by_class(unit) else row.stat_unit_id), row.Child.id


def _counted(unit: Unit, figure: Figure) -> Select[Any]:
    """The standings a roll-up's stock counts (services/reports), joined to their children."""
    town = unit.kind is UnitKind.TOWNSHIP
    here: list[ColumnElement[bool]] = [
        (Standing.stat_township_id if town else Standing.stat_unit_id) == unit.id,
        Standing.stat_county_id == unit.county_id,
        Standing.side == figure.side,
        Standing.starts_on <= figure.as_of,
        Standing.ends_on > figure.as_of,
        Child.archived_on.is_(None),
    ]
    if figure.basis is Basis.OFFICIAL:
        here.append(Standing.official.is_(True))
    if unit.school_kind is not SchoolKind.KINDERGARTEN:
        here.append(Standing.compulsory.is_(True))
    return select(Child.id).join(Standing, Standing.child_id == Child.id).where(*here)


def _lines(rows: Any, unit: Unit, figure: Figure, actor: Actor) -> list[MaskedLine]:
    ids = {row.stat_unit_id for row in rows} if unit.kind is UnitKind.TOWNSHIP else set()
    names = dict(db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids))).all()) if ids else {}
    return [
        MaskedLine(
            who=row.Child.case_no if _by_case(actor) else masked_name(row.Child.name),
            sex=row.Child.sex,
            age=row.Child.age_on(figure.as_of),
            class_name=row.Child.class_name,
            grade=row.Child.grade,
            place=names.get(row.stat_unit_id, ""),
            official=row.official,
        )
        for row in rows
    ]


def _by_case(actor: Actor) -> bool:
    """Where the table never shows a name, the case number stands for the child."""
    return mask_of(actor.role, FileField.NAME) is Mask.NEVER
