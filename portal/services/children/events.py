"""Events (动态变动): what happened to a child, and the facts that follow from it. Nothing is typed twice.

Events of the family are written by the unit that keeps the family, those of study by the school.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import Absence, Child, ChildEvent, Placement
from portal.services import audit
from portal.services.children.files import after_change
from portal.services.children.owning import keeper_of_household, own
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.permissions import Permission
from portal.terms import EventKind, ExitKind, ParentRole, Schooling, Side

_E = EventKind
EXITS: Mapping[EventKind, ExitKind] = {
    _E.JOINED_PARENTS: ExitKind.JOINED_PARENTS,
    _E.TRANSFERRED_OUT: ExitKind.MOVED_AWAY,
    _E.DIED: ExitKind.DIED,
    _E.FILED_BY_MISTAKE: ExitKind.MISTAKE,
}
"""Events after which the file is no longer kept up."""
OF_STUDY = frozenset({_E.DROPPED_OUT, _E.BACK_IN_SCHOOL})
OF_A_PARENT = frozenset({_E.PARENT_LEFT, _E.PARENT_RETURNED})
BY_HAND = (_E.PARENT_LEFT, _E.PARENT_RETURNED, _E.DROPPED_OUT, _E.BACK_IN_SCHOOL, *EXITS)
"""Events somebody writes down; the others follow from their own acts (guardian, transfer, promotion)."""


@dataclass(frozen=True)
class Happening:
    """What somebody writes down: the event, its day, and for a parent who and where."""

    kind: EventKind
    on: date
    role: ParentRole | None = None
    place: str = ""
    inside_county: bool = False
    note: str = ""


def kinds_for(child: Child, actor: Actor) -> list[EventKind]:
    """The events that the actor's unit may write about the child."""
    keeps, teaches = keeper_of_household(child).id == actor.unit.id, actor.unit.id == child.school_id
    mine = [one for one in BY_HAND if (teaches if one in OF_STUDY and child.school_id else keeps)]
    gone = child.exited_on is not None
    return [] if gone else mine


def list_events(child: Child, *, actor: Actor, limit: int = 50) -> Sequence[ChildEvent]:
    """The events of a child, newest first."""
    actor.require(Permission.CHILD_CARE_READ)
    query = (
        select(ChildEvent)
        .where(ChildEvent.child_id == child.id)
        .options(joinedload(ChildEvent.person), joinedload(ChildEvent.stat_unit))
        .order_by(ChildEvent.happened_on.desc(), ChildEvent.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).all()


def write_event(child: Child, happening: Happening, *, actor: Actor) -> ChildEvent:
    """Write down what happened and let the facts follow.

    Raises NotFound and PermissionDenied by side, Refused for a day to come or one that contradicts the file.
    """
    actor.require(Permission.CHILD_CHANGE_EDIT)
    own(child, actor)
    if happening.kind not in kinds_for(child, actor):
        raise PermissionDenied("this event is the other side’s to write down")
    if not child.birth_date <= happening.on <= today():
        raise Refused(_l("The day must lie between the child’s birth and today."), field="on")
    _EFFECTS[happening.kind](child, happening)
    event = note(child, happening.kind, happening.on, actor=actor, words=happening.note)
    after_change(child)
    db.session.flush()
    audit.record(actor, "children:event:write", child=child, details={"kind": happening.kind})
    return event


def note(child: Child, kind: EventKind, on: date, *, actor: Actor, words: str = "") -> ChildEvent:
    """Keep the row of an event at the actor's side of the child; the act itself is the caller's."""
    side = Side.SCHOOL if actor.unit.id == child.school_id else Side.VILLAGE
    place = (child.school if side is Side.SCHOOL else child.village) or keeper_of_household(child)
    event = ChildEvent(child=child, kind=kind, side=side, happened_on=on, note=words, stat_unit=place,
                       person_id=actor.person_id)  # fmt: skip
    db.session.add(event)
    return event


def _leave(child: Child, what: Happening) -> None:
    role = _role(what)
    if any(a.role is role and a.until > what.on for a in child.absences):
        raise Refused(_l("This parent is away already at that time."), field="role")
    child.absences.append(Absence(role=role, since=what.on, until=FOREVER, work_place=what.place,
                                  inside_county=what.inside_county))  # fmt: skip


def _return(child: Child, what: Happening) -> None:
    away = next((a for a in child.absences if a.role is _role(what) and a.since < what.on < a.until), None)
    if away is None:
        raise Refused(_l("This parent was not away on that day."), field="role")
    away.until = what.on
    child.parents_home_on = max(what.on, child.parents_home_on or what.on)


def _role(what: Happening) -> ParentRole:
    if what.role is None:
        raise Refused(_l("Choose father or mother."), field="role")
    return what.role


def _drop_out(child: Child, what: Happening) -> None:
    if child.schooling is Schooling.DROPPED_OUT:
        raise Refused(_l("The file says so already."), field="kind")
    child.schooling = Schooling.DROPPED_OUT


def _come_back(child: Child, what: Happening) -> None:
    if child.schooling is not Schooling.DROPPED_OUT:
        raise Refused(_l("The child has not dropped out by this file."), field="kind")
    child.schooling = Schooling.JUNIOR if (child.grade or 0) > 6 else Schooling.PRIMARY


def _exit(child: Child, what: Happening) -> None:
    close_file(child, EXITS[what.kind], what.on)


def close_file(child: Child, kind: ExitKind, on: date) -> None:
    """The file is no longer kept up from `on`: the child counts nowhere from that day. The caller flushes."""
    child.exited_on, child.exit_kind = on, kind
    for place in list(child.placements):
        if place.until > on:
            _end(child, place, on)


def _end(child: Child, place: Placement, on: date) -> None:
    if place.since >= on:
        child.placements.remove(place)
    else:
        place.until = on


_EFFECTS: Mapping[EventKind, Callable[[Child, Happening], None]] = {
    _E.PARENT_LEFT: _leave,
    _E.PARENT_RETURNED: _return,
    _E.DROPPED_OUT: _drop_out,
    _E.BACK_IN_SCHOOL: _come_back,
    **dict.fromkeys(EXITS, _exit),
}
