"""The restricted archive: files of children who have left, in no list and no search of any unit.

A unit that kept a file to the end, and the auditor, see case numbers and days. A file is opened one at a time
by the head of such a unit, for a purpose and with a reason, to be read and no more (security design §3.6).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.config import today
from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import Child, CountyRules, IdentityClaim, Placement
from portal.services import audit
from portal.services.children.covered import SHORTEST_REASON
from portal.services.children.events import note
from portal.services.children.files import after_change
from portal.services.children.keeping import copies
from portal.services.children.keeping.retention import KEEP_YEARS, erase_on
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.masks import Mask, mask_of, unnamed
from portal.tenancy.permissions import Permission
from portal.tenancy.scope import county_wide
from portal.tenancy.units import Unit
from portal.terms import EventKind, ExitKind, FileField, RevealReason, Side, UnitKind

PAGE = 50
_UNREAD = frozenset({"file_look", "standing", "child_copy"})


@dataclass(frozen=True)
class Archived:
    """One line of the archive: nothing by which a child could be known."""

    public_id: uuid.UUID
    case_no: str
    exit_kind: ExitKind | None
    exited_on: date
    archived_on: date
    erase_on: date
    erased_on: date | None


def list_archived(
    unit: Unit, *, actor: Actor, after: tuple[str, int] | None = None, limit: int = PAGE
) -> tuple[list[Archived], tuple[str, int] | None]:
    """One page of a unit’s archive, newest first, and the key of the next."""
    actor.require(Permission.CHILD_ARCHIVE_READ, at=unit)
    query = select(Child).where(_kept_by(unit), Child.archived_on.is_not(None), Child.village_id.is_(None),
                                Child.school_id.is_(None))  # fmt: skip
    if after is not None:
        day = date.fromisoformat(after[0])
        query = query.where(or_(Child.archived_on < day, (Child.archived_on == day) & (Child.id < after[1])))
    query = query.order_by(Child.archived_on.desc(), Child.id.desc()).limit(limit + 1)
    with county_wide(unit.county_id) as session:
        rows, years = session.scalars(query).all(), _years(session, unit.county_id)
        found = [_line(one, years) for one in rows[:limit]]
        last = rows[limit - 1] if len(rows) > limit else None
        key = (last.archived_on.isoformat(), last.id) if last and last.archived_on else None
    audit.read(actor, "children:archive:list", at=unit, details={"files": len(found)}, each=True)
    return found, key


def _years(session: Session, county_id: int) -> int:
    rules = session.get(CountyRules, county_id)
    return rules.keep_years if rules else KEEP_YEARS


def _line(child: Child, years: int) -> Archived:
    assert child.exited_on is not None, "who has not left is not archived"
    assert child.archived_on is not None
    return Archived(child.public_id, child.case_no, child.exit_kind, child.exited_on, child.archived_on,
                    erase_on(child, years), child.erased_on)  # fmt: skip


def _kept_by(unit: Unit) -> ColumnElement[bool]:
    """Files whose last place on one side was the unit, or one that has been merged into it."""
    if unit.kind is UnitKind.COUNTY:
        return Child.county_id == unit.id
    last, later = aliased(Placement), aliased(Placement)
    merged = select(Unit.id).where(Unit.merged_into_id == unit.id)
    town = unit.kind is UnitKind.TOWNSHIP
    here = last.stat_township_id == unit.id if town else or_(last.stat_unit_id == unit.id,
                                                             last.stat_unit_id.in_(merged))  # fmt: skip
    newer = (later.child_id == last.child_id) & (later.side == last.side) & (later.since > last.since)
    return exists().where(last.child_id == Child.id, here, ~exists().where(newer))


def _find(session: Session, unit_id: int, public_id: uuid.UUID) -> Child:
    unit = session.get_one(Unit, unit_id)
    query = select(Child).where(Child.public_id == public_id, _kept_by(unit), Child.archived_on.is_not(None),
                                Child.village_id.is_(None), Child.school_id.is_(None),
                                Child.erased_on.is_(None))  # fmt: skip
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("archived file")
    return found


def find_case(public_id: uuid.UUID, *, actor: Actor) -> str:
    """The case number of a file in the archive of the actor’s own unit that may be opened. Raises NotFound."""
    _may_open(actor)
    with county_wide(actor.unit.county_id) as session:
        return _find(session, actor.unit.id, public_id).case_no


def _may_open(actor: Actor) -> None:
    actor.require(Permission.CHILD_ARCHIVE_READ)
    if mask_of(actor.role, FileField.NAME) is not Mask.CLEAR:
        raise PermissionDenied("this role sees case numbers only")


def open_file(public_id: uuid.UUID, *, actor: Actor, reason: RevealReason, words: str) -> copies.Gathered:
    """Everything in an archived file of one’s own unit, for one page view; it is written down with its reason.

    Raises PermissionDenied for a role that is never shown a name, NotFound, Refused without a reason in words.
    """
    _may_open(actor)
    if len(words.strip()) < SHORTEST_REASON:
        raise Refused(_l("Write in a few words what you need it for."), field="words")
    with county_wide(actor.unit.county_id) as session:
        child = _find(session, actor.unit.id, public_id)
        found = copies.collect(session, child, without=_UNREAD)
        told = {"case": child.case_no, "purpose": reason.value, "reason": unnamed(words.strip(), child.name)}
    audit.record(actor, "children:archive:open", subject=f"child:{public_id}", details=told)
    return found


def order_back(public_id: uuid.UUID, *, actor: Actor) -> None:
    """Ask for a file to be taken out of the archive, because the child is back. Raises NotFound."""
    actor.require(Permission.CHILD_ARCHIVE_RETURN)
    case_no = find_case(public_id, actor=actor)
    audit.record(
        actor, "children:archive:order_back", subject=f"child:{public_id}", details={"case": case_no}
    )


def bring_back(public_id: uuid.UUID, *, actor: Actor) -> Child:
    """Take a file out of the archive to the actor’s unit, from today on, in a session of the county."""
    actor.require(Permission.CHILD_ARCHIVE_RETURN)
    child = _find(db.session(), actor.unit.id, public_id)
    unit, day = db.session.get_one(Unit, actor.unit.id), today()
    side = Side.SCHOOL if unit.kind is UnitKind.SCHOOL else Side.VILLAGE
    child.archived_on = child.exited_on = child.exit_kind = None
    if side is Side.SCHOOL:
        child.school = unit
    else:
        child.village = unit
    child.placements.append(Placement(side=side, since=day, until=FOREVER, stat_unit=unit))
    claim = db.session.get(IdentityClaim, (child.county_id, child.id_no_index)) if child.id_no_index else None
    if claim is not None:
        claim.unit_id, claim.township_id = unit.id, unit.township_id
    db.session.flush()
    note(child, EventKind.TRANSFERRED_IN, day, actor=actor)
    after_change(child)
    db.session.flush()
    audit.record(actor, "children:archive:return", child=child)
    return child
