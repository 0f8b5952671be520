"""Pupils who help each other (S25), and the pupil of a class who says when a classmate needs somebody (S26).

The class teacher writes them down; minors never sign in. What stands here is a name and a task.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child, SchoolClass, Standing
from portal.models.pairings import ClassCareRep, Pairing, PeerBuddy
from portal.services import audit
from portal.services.children import classes
from portal.services.pairings.reading import live
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import BuddyKind, PairingKind, Side

MOST_REPS = 3


@dataclass(frozen=True)
class ClassHelp:
    """One class: its care representatives, its left-behind children, and which of them have a buddy or a tutor."""

    room: SchoolClass
    reps: Sequence[ClassCareRep]
    children: Sequence[Child]
    buddies: Mapping[int, Sequence[PeerBuddy]]
    """Child id → buddies of today."""
    tutors: Mapping[int, Pairing]
    """Child id → the tutor of today."""


def list_help(unit: Unit, rooms: Sequence[SchoolClass], *, actor: Actor) -> list[ClassHelp]:
    """Some classes of a school with who helps whom."""
    actor.require(Permission.PAIRING_READ, at=unit)
    ids, day = [one.id for one in rooms], today()
    children = db.session.scalars(
        select(Child)
        .join(Standing, Standing.child_id == Child.id)
        .where(Child.class_id.in_(ids), Standing.side == Side.SCHOOL)
        .where(Standing.starts_on <= day, Standing.ends_on > day)
        .order_by(Child.name_key, Child.id)
    ).all()
    buddies: dict[int, list[PeerBuddy]] = {}
    for buddy in _live_buddies(PeerBuddy.child_id.in_([child.id for child in children]), day):
        buddies.setdefault(buddy.child_id, []).append(buddy)
    tutors = _tutors(children, day)
    reps = db.session.scalars(
        select(ClassCareRep)
        .where(ClassCareRep.class_id.in_(ids), ClassCareRep.since <= day, ClassCareRep.until > day)
        .order_by(ClassCareRep.since, ClassCareRep.id)
    ).all()
    return [
        ClassHelp(room, [rep for rep in reps if rep.class_id == room.id],
                  [child for child in children if child.class_id == room.id], buddies, tutors)
        for room in rooms
    ]  # fmt: skip


def _live_buddies(which: object, day: date) -> Sequence[PeerBuddy]:
    query = select(PeerBuddy).where(which, PeerBuddy.starts_on <= day, PeerBuddy.ends_on > day)  # type: ignore[arg-type]
    return db.session.scalars(query.order_by(PeerBuddy.starts_on, PeerBuddy.id)).all()


def _tutors(children: Sequence[Child], day: date) -> dict[int, Pairing]:
    query = select(Pairing).where(
        Pairing.child_id.in_([child.id for child in children]), Pairing.kind == PairingKind.TUTOR, live(day)
    )
    return {one.child_id: one for one in db.session.scalars(query.options(joinedload(Pairing.helper)))}


def list_buddies(child: Child, *, actor: Actor) -> Sequence[PeerBuddy]:
    """Who helps the child among the pupils today."""
    actor.require(Permission.PAIRING_READ)
    return _live_buddies(PeerBuddy.child_id == child.id, today())


def add_buddy(
    child: Child, *, actor: Actor, unit: Unit, name: str, kind: BuddyKind, task: str = "", starts_on: date
) -> PeerBuddy:
    """Write down who helps the child. A classmate on file is taken by her name, so that both files know.

    Raises NotFound for a child of another school, Refused for the child herself, a buddy she has already, a day
    out of reason.
    """
    actor.require(Permission.CLASS_HELP_EDIT, at=unit)
    if child.school_id != unit.id:
        raise NotFound("child")
    if not child.birth_date <= starts_on <= today():
        raise Refused(_l("This day has not come yet."), field="starts_on")
    if name == child.name:
        raise Refused(_l("Write the name of the other pupil."), field="name")
    if any(one.buddy_name == name and one.kind is kind for one in list_buddies(child, actor=actor)):
        raise Refused(_l("She helps the child in this way already."), field="name")
    row = PeerBuddy(
        public_id=uuid.uuid4(), child=child, kind=kind, buddy_id=_classmate(child, name), buddy_name=name,
        task=task, starts_on=starts_on, person_id=actor.person_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "pairings:class:buddy", child=child, subject=f"buddy:{row.public_id}",
                 details={"kind": kind.value})  # fmt: skip
    return row


def _classmate(child: Child, name: str) -> int | None:
    """The one pupil of this name in the same class who has a file; None if none or several."""
    if child.class_id is None:
        return None
    found = db.session.scalars(
        select(Child.id).where(Child.class_id == child.class_id, Child.name == name, Child.id != child.id)
    ).all()
    return found[0] if len(found) == 1 else None


def end_buddy(child: Child, public_id: uuid.UUID, *, actor: Actor) -> None:
    """She helps no longer, from today. Raises NotFound."""
    actor.require(Permission.CLASS_HELP_EDIT)
    found = next((one for one in list_buddies(child, actor=actor) if one.public_id == public_id), None)
    if found is None or child.school_id != actor.unit.id:
        raise NotFound("buddy")
    found.ends_on = max(today(), found.starts_on)
    db.session.flush()
    audit.record(actor, "pairings:class:buddy_end", child=child, subject=f"buddy:{found.public_id}")


def get_room(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> SchoolClass:
    """A class of the school that the actor writes about. Raises NotFound."""
    actor.require(Permission.CLASS_HELP_EDIT, at=unit)
    found = next((one for one in classes.list_classes(unit, actor=actor) if one.public_id == public_id), None)
    if found is None:
        raise NotFound("class")
    return found


def appoint_rep(room: SchoolClass, *, actor: Actor, pupil: str, duty: str, since: date) -> ClassCareRep:
    """A pupil is the class's care representative from a day. Raises Refused for a fourth one or a day ahead."""
    actor.require(Permission.CLASS_HELP_EDIT, at=room.unit)
    if not room.since <= since <= today():
        raise Refused(_l("The day must lie between the first day of the class and today."), field="since")
    held = _live_reps(room)
    if any(one.pupil == pupil for one in held):
        raise Refused(_l("She is the class’s care representative already."), field="pupil")
    if len(held) >= MOST_REPS:
        raise Refused(_l("A class has three care representatives at most."), field="pupil")
    row = ClassCareRep(
        public_id=uuid.uuid4(), unit=room.unit, class_id=room.id, pupil=pupil, duty=duty, since=since
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "pairings:class:rep", at=room.unit, subject=f"rep:{row.public_id}")
    return row


def _live_reps(room: SchoolClass) -> Sequence[ClassCareRep]:
    query = select(ClassCareRep).where(ClassCareRep.class_id == room.id, ClassCareRep.until > today())
    return db.session.scalars(query).all()


def end_rep(room: SchoolClass, public_id: uuid.UUID, *, actor: Actor) -> None:
    """She is it no longer, from today. Raises NotFound."""
    actor.require(Permission.CLASS_HELP_EDIT, at=room.unit)
    found = next((one for one in _live_reps(room) if one.public_id == public_id), None)
    if found is None:
        raise NotFound("care representative")
    found.until = max(today(), found.since)
    db.session.flush()
    audit.record(actor, "pairings:class:rep_end", at=room.unit, subject=f"rep:{found.public_id}")
