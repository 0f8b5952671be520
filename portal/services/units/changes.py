"""Changes of the tree: asking for an act, doing it on its day, cancelling, taking back, the history."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.config import now, today
from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.units import UnitChange
from portal.services import audit
from portal.services.units import carrying, rules
from portal.services.units.acts import ACTS
from portal.services.units.blockers import Preview, preview_of
from portal.services.units.county import BELOW
from portal.services.units.journal import Journal, differences, take_back
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import ChangeKind, ChangeState, SchoolKind, UnitKind


@dataclass(frozen=True)
class Page:
    """The history of a unit, and what a reader may do there: below it, from above it, or as the county."""

    below: bool
    above: bool
    county: bool
    history: list[UnitChange]
    undoable: frozenset[uuid.UUID]
    """Changes she may take back now."""


def require_below(unit: Unit, *, actor: Actor) -> None:
    """Opening a unit below: raises PermissionDenied unless the actor governs here, and below a leaf."""
    actor.require(Permission.UNIT_TREE_GOVERN, at=unit)
    if unit.kind not in BELOW:
        raise PermissionDenied("nothing stands below a village or a school")


UNDO_WITHIN = timedelta(hours=24)
UNDOABLE = (ChangeKind.RENAMED, ChangeKind.MOVED, ChangeKind.MERGED, ChangeKind.CLOSED)
"""What can be taken back; a unit that was opened is closed, one that was split off is merged back."""


def open_below(
    above: Unit,
    *,
    actor: Actor,
    kind: UnitKind,
    name: str,
    code: str,
    on: date,
    school_kind: SchoolKind | None = None,
    paper: str = "",
) -> UnitChange:
    """设立: a new unit below `above`. Raises Refused at `kind`, `school_kind`, `name`, `code`, `on`."""
    actor.require(Permission.UNIT_TREE_GOVERN, at=above)
    asked = {"kind": kind.value, "name": name, "code": code,
             "school_kind": school_kind.value if school_kind else None}  # fmt: skip
    return _begin(ChangeKind.OPENED, above, actor=actor, on=on, paper=paper, arguments=asked)


def rename(unit: Unit, *, actor: Actor, name: str, code: str, on: date, paper: str = "") -> UnitChange:
    """更名: a new name, a new code, or both. Raises Refused at `name`, `code`, `on`."""
    rules.require_above(actor, unit)
    asked = {"name": name, "code": code}
    return _begin(ChangeKind.RENAMED, unit, actor=actor, on=on, paper=paper, arguments=asked)


def move(unit: Unit, *, actor: Actor, to: Unit, on: date, paper: str = "") -> UnitChange:
    """划转: a village or school comes under another township (a school also under the county).

    The county's act. Raises Refused at `to`, `on`.
    """
    actor.require(Permission.UNIT_TREE_GOVERN, at=db.session.get_one(Unit, unit.county_id))
    rules.require_above(actor, unit)
    return _begin(ChangeKind.MOVED, unit, actor=actor, on=on, other=to, paper=paper)


def merge(unit: Unit, *, actor: Actor, into: Unit, on: date, paper: str = "") -> UnitChange:
    """撤并: `unit` is closed and what lives in it goes on at `into`. Raises Refused at `to`, `on`."""
    rules.require_above(actor, unit, into)
    return _begin(ChangeKind.MERGED, unit, actor=actor, on=on, other=into, paper=paper)


def split(
    unit: Unit, *, actor: Actor, name: str, code: str, pick: list[str], on: date, paper: str = ""
) -> UnitChange:
    """拆分: a new unit beside `unit` takes over what `pick` names: codes of the units below a township,
    public ids of a school's classes, 村民小组 or public ids of a village's children.

    Raises Refused at `name`, `code`, `pick`, `on`.
    """
    rules.require_above(actor, unit)
    asked = {"name": name, "code": code, "pick": pick}
    return _begin(ChangeKind.SPLIT, unit, actor=actor, on=on, paper=paper, arguments=asked)


def close(unit: Unit, *, actor: Actor, on: date, paper: str = "") -> UnitChange:
    """撤销: the unit ends. Raises Refused while anything hangs on it (`blockers.list_blockers`)."""
    rules.require_above(actor, unit)
    return _begin(ChangeKind.CLOSED, unit, actor=actor, on=on, paper=paper)


def reopen(unit: Unit, *, actor: Actor, on: date, paper: str = "") -> UnitChange:
    """恢复: a closed unit goes on. What a merge took away does not come back by itself."""
    rules.require_above(actor, unit)
    return _begin(ChangeKind.REOPENED, unit, actor=actor, on=on, paper=paper)


def preview_merge(unit: Unit, *, actor: Actor, into: Unit, on: date) -> Preview:
    """What the merge would move and what would stay. Raises Refused as `merge` would."""
    rules.require_above(actor, unit, into)
    asked = _asked(ChangeKind.MERGED, unit, actor=actor, on=on, other=into)
    _check(asked)
    return preview_of(unit, on)


def _asked(
    kind: ChangeKind,
    unit: Unit,
    *,
    actor: Actor,
    on: date,
    paper: str = "",
    other: Unit | None = None,
    arguments: dict[str, Any] | None = None,
) -> UnitChange:
    with db.session.no_autoflush:  # it is asked first, and kept only if nothing speaks against it
        change = UnitChange(
            public_id=uuid.uuid4(),
            kind=kind,
            state=ChangeState.PLANNED,
            unit=unit,
            other_id=other.id if other is not None else None,
            county_id=unit.county_id,
            effective_on=on,
            paper=paper,
            arguments=arguments or {},
            details={},
            person_id=actor.person_id,
            membership_id=actor.membership_row or None,
            created_at=now(),
        )
        if change in db.session:
            db.session.expunge(change)
    return change


def _check(change: UnitChange) -> None:
    with db.session.no_autoflush:
        other = db.session.get(Unit, change.other_id) if change.other_id else None
        if change.kind is not ChangeKind.OPENED:
            rules.check_nothing_planned(change.unit, *([other] if other else []), but=change)
        ACTS[change.kind].check(change)


def _begin(
    kind: ChangeKind,
    unit: Unit,
    *,
    actor: Actor,
    on: date,
    paper: str,
    other: Unit | None = None,
    arguments: dict[str, Any] | None = None,
) -> UnitChange:
    change = _asked(kind, unit, actor=actor, on=on, paper=paper, other=other, arguments=arguments)
    _check(change)
    db.session.add(change)
    if on <= today():
        _perform(change, actor)
    else:
        db.session.flush()
        _record(actor, "units:tree:plan", change)
    return change


def _record(actor: Actor, action: str, change: UnitChange, counts: dict[str, int] | None = None) -> None:
    details = {"kind": change.kind.value, **(counts or {})}
    audit.record(actor, action, at=change.unit, subject=f"change:{change.public_id}", details=details)


def _perform(change: UnitChange, actor: Actor) -> None:
    journal = Journal()
    with db.session.no_autoflush:
        children = ACTS[change.kind].perform(change, journal)
    db.session.flush()
    change.moved = journal.as_json()
    change.state, change.done_at = ChangeState.DONE, now()
    db.session.flush()
    db.session.expire_all()  # the database cascades behind the session's back
    carrying.restand(children)
    db.session.expire_all()
    counts = {key: value for key, value in change.details.items() if isinstance(value, int)}
    _record(actor, "units:tree:change", change, counts)
    db.session.flush()


def list_due(session: Session) -> list[UnitChange]:
    """Planned changes whose day has come, in their order. For system sessions."""
    return list(
        session.scalars(
            select(UnitChange)
            .where(UnitChange.state == ChangeState.PLANNED, UnitChange.effective_on <= today())
            .order_by(UnitChange.effective_on, UnitChange.id)
        )
    )


def fail(session: Session, change_id: int, reason: str) -> None:
    """Write down why a planned change could not be carried out. For system sessions; the caller commits."""
    change = session.get_one(UnitChange, change_id)
    change.state, change.message = ChangeState.FAILED, reason[:300]


def carry_out(public_id: uuid.UUID, *, actor: Actor) -> None:
    """Do a planned change as the member who planned it. Raises Refused where it is no longer possible."""
    actor.require(Permission.UNIT_TREE_GOVERN)
    change = _get(public_id)
    if change.state is not ChangeState.PLANNED or change.effective_on > today():
        return
    _check(change)
    _perform(change, actor)


def _get(public_id: uuid.UUID) -> UnitChange:
    found = db.session.scalars(select(UnitChange).where(UnitChange.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound("change")
    return found


def get_change(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> UnitChange:
    """A change of this unit. Raises NotFound."""
    actor.require(Permission.UNIT_READ, at=unit)
    change = _get(public_id)
    if unit.id not in (change.unit_id, change.other_id):
        raise NotFound("change")
    return change


def _require_for(change: UnitChange, actor: Actor) -> None:
    """The right to do the act is the right to cancel it or take it back."""
    if change.kind is ChangeKind.OPENED and change.state is ChangeState.PLANNED:
        actor.require(Permission.UNIT_TREE_GOVERN, at=change.unit)
    elif change.kind is ChangeKind.MOVED:
        actor.require(Permission.UNIT_TREE_GOVERN, at=db.session.get_one(Unit, change.county_id))
    elif change.kind is ChangeKind.MERGED and change.other is not None:
        rules.require_above(actor, change.unit, change.other)
    else:
        rules.require_above(actor, change.unit)


def cancel(change: UnitChange, *, actor: Actor) -> None:
    """Let a planned change, or one that failed, be. Raises Refused if it is done."""
    _require_for(change, actor)
    if change.state not in (ChangeState.PLANNED, ChangeState.FAILED):
        raise Refused(_l("This change is no longer planned."))
    change.state, change.ended_at = ChangeState.CANCELLED, now()
    db.session.flush()
    _record(actor, "units:tree:cancel", change)


def may_undo(change: UnitChange) -> bool:
    """Whether it is of a kind, and young enough, to be taken back."""
    done = change.state is ChangeState.DONE and change.done_at is not None
    return bool(done and change.kind in UNDOABLE and now() - change.done_at <= UNDO_WITHIN)  # type: ignore[operator]


def undo(change: UnitChange, *, actor: Actor) -> None:
    """Put everything back as it was before. Raises Refused, naming what has gone on since."""
    _require_for(change, actor)
    if not may_undo(change) or change.moved is None:
        raise Refused(_l("This can be taken back within 24 hours only."))
    if _later(change):
        raise Refused(_l("These units were changed again since: take that back first."))
    if found := differences(change.moved):
        reasons = "；".join(
            str(_l("%(what)s: %(n)s", what=_TABLES.get(table, _OTHERS), n=n)) for table, n in found.items()
        )
        raise Refused(_l("Since then records have gone on: %(reasons)s. It cannot be taken back any more.",
                         reasons=reasons))  # fmt: skip
    children = take_back(change.moved)
    carrying.restand(children)
    db.session.expire_all()
    change.state, change.ended_at, change.moved = ChangeState.UNDONE, now(), None
    db.session.flush()
    _record(actor, "units:tree:undo", change)


_OTHERS = _l("other records")
_TABLES = {
    "child": _l("children who have moved on"),
    "placement": _l("children who have moved on"),
    "membership": _l("roles that have changed"),
    "pairing": _l("pairings that have ended or changed"),
    "school_class": _l("classes that have changed"),
    "volunteer": _l("volunteers who have moved on"),
    "person": _l("people who have moved on"),
    "import_batch": _l("rosters that have gone on"),
    "unit": _l("units that have changed"),
}


def page_of(unit: Unit, *, actor: Actor) -> Page:
    """The history and the acts to offer. Each verb decides again."""
    actor.require(Permission.UNIT_READ, at=unit)
    above = rules.governs(actor, unit)
    county = above and actor.unit.kind is UnitKind.COUNTY
    history = list_changes(unit, actor=actor)
    undoable = frozenset(one.public_id for one in history if above and may_undo(one))
    below = actor.can(Permission.UNIT_TREE_GOVERN, unit) and unit.kind in BELOW and unit.closed_on is None
    return Page(below, above, county, history, undoable)


def _later(change: UnitChange) -> bool:
    units = {change.unit_id, change.other_id}
    units |= {key[0] for table, key, _n in (change.moved or {}).get("changed", ()) if table == "unit"}
    later = select(UnitChange.id).where(
        UnitChange.id > change.id,
        UnitChange.state.in_((ChangeState.DONE, ChangeState.PLANNED)),
        or_(UnitChange.unit_id.in_(units), UnitChange.other_id.in_(units)),
    )
    return db.session.scalar(later.limit(1)) is not None


def list_changes(unit: Unit, *, actor: Actor, limit: int = 50) -> list[UnitChange]:
    """The history of a unit: planned acts first, then what was done, the newest first."""
    actor.require(Permission.UNIT_READ, at=unit)
    rows = db.session.scalars(
        select(UnitChange)
        .where(
            or_(UnitChange.unit_id == unit.id, UnitChange.other_id == unit.id),
            UnitChange.county_id == unit.county_id,
        )
        .options(joinedload(UnitChange.unit), joinedload(UnitChange.other), joinedload(UnitChange.person))
        .order_by(UnitChange.effective_on.desc(), UnitChange.id.desc())
        .limit(limit)
    )
    return sorted(rows, key=lambda one: one.state is not ChangeState.PLANNED)
