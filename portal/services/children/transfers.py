"""Transfer of a child between two schools or two villages: one offers, the other accepts or refuses.

Never a copy: the one file moves. The receiver sees only what the offer says until she has accepted; a job
with the county's scope then moves the file, since neither unit may write into the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.config import now, today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child, ChildEvent, IdentityClaim, Placement, SchoolClass, Transfer
from portal.services import audit
from portal.services.children.files import after_change
from portal.services.children.owning import own
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import EventKind, Side, TransferReason, TransferState, UnitKind

PAGE = 100
NEAR = timedelta(days=92)
"""How far from today the day of a transfer may lie."""


def side_of_actor(actor: Actor) -> Side:
    """The side a school or a village moves a child on."""
    return Side.SCHOOL if actor.unit.kind is UnitKind.SCHOOL else Side.VILLAGE


def list_receivers(actor: Actor) -> Sequence[Unit]:
    """The open units of the county of the same kind, near ones first: where a child can go."""
    actor.require(Permission.CHILD_TRANSFER_EDIT)
    query = select(Unit).where(
        Unit.county_id == actor.unit.county_id, Unit.kind == actor.unit.kind, Unit.id != actor.unit.id,
        Unit.closed_on.is_(None),
    )  # fmt: skip
    found = db.session.scalars(query.order_by(Unit.code)).all()
    return sorted(found, key=lambda one: one.township_id != actor.unit.township_id)


def offer(
    child: Child, *, actor: Actor, to: uuid.UUID | str, reason: TransferReason, on: date, note: str = ""
) -> Transfer:
    """Offer a child of one's own unit to another one of the county.

    Raises NotFound for a child of another unit; Refused for an unknown receiver, a day too far, or while
    another offer waits.
    """
    actor.require(Permission.CHILD_TRANSFER_EDIT)
    own(child, actor)
    receiver = next((one for one in list_receivers(actor) if one.code == str(to)), None)
    if receiver is None:
        raise Refused(_l("Choose the unit to which the child goes."), field="to")
    if not today() - NEAR <= on <= today() + NEAR:
        raise Refused(_l("The day must lie within three months of today."), field="on")
    side = side_of_actor(actor)
    if any(place.side is side and place.since >= on for place in child.placements):
        raise Refused(_l("The child came to you on that day or later."), field="on")
    if child.exited_on is not None:
        raise Refused(_l("This file is no longer kept up."))
    if _waiting(child, side):
        raise Refused(_l("An offer for this child waits already."))
    made = Transfer(
        from_unit=child.school if side is Side.SCHOOL else child.village, to_unit=receiver,
        county_id=child.county_id, child_id=child.id, side=side, case_no=child.case_no, name=child.name,
        sex=child.sex, birth_year=child.birth_date.year, grade=child.grade, class_name=child.class_name,
        reason=reason, note=note, effective_on=on, person_id=actor.person_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "children:transfer:offer", child=child, details={"reason": reason})
    return made


def _waiting(child: Child, side: Side) -> bool:
    states = (TransferState.OFFERED, TransferState.ACCEPTED)
    query = select(func.count()).select_from(Transfer).where(
        Transfer.child_id == child.id, Transfer.side == side, Transfer.state.in_(states)
    )  # fmt: skip
    return bool(db.session.scalar(query))


def list_transfers(unit: Unit, *, actor: Actor) -> tuple[Sequence[Transfer], Sequence[Transfer]]:
    """Offers to a unit and offers from it, those that wait first, then the newest."""
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    wide = unit.id == unit.township_id

    def ends(unit_column: object, town_column: object) -> Sequence[Transfer]:
        query = (
            select(Transfer)
            .where((town_column if wide else unit_column) == unit.id)  # type: ignore[arg-type]
            .options(joinedload(Transfer.from_unit), joinedload(Transfer.to_unit), joinedload(Transfer.person),
                     joinedload(Transfer.answered_by))
            .order_by(Transfer.state != TransferState.OFFERED, Transfer.id.desc())
            .limit(PAGE)
        )  # fmt: skip
        return db.session.scalars(query).all()

    return ends(Transfer.to_unit_id, Transfer.to_town_id), ends(Transfer.from_unit_id, Transfer.from_town_id)


def waiting(unit: Unit, *, actor: Actor) -> ScalarSelect[int]:
    """Offers to one's own unit that wait for an answer."""
    actor.require(Permission.CHILD_TRANSFER_EDIT, at=unit)
    here = (Transfer.to_unit_id == unit.id, Transfer.state == TransferState.OFFERED)
    return select(func.count()).select_from(Transfer).where(*here).scalar_subquery()


def get_transfer(public_id: uuid.UUID, *, actor: Actor, receiving: bool) -> Transfer:
    """An offer to (or from) the actor's own unit that waits. Raises NotFound for any other."""
    actor.require(Permission.CHILD_TRANSFER_EDIT)
    end = Transfer.to_unit_id if receiving else Transfer.from_unit_id
    query = select(Transfer).where(
        Transfer.public_id == public_id, end == actor.unit.id, Transfer.state == TransferState.OFFERED
    )
    found = db.session.scalars(
        query.options(joinedload(Transfer.from_unit), joinedload(Transfer.to_unit))
    ).one_or_none()
    if found is None:
        raise NotFound("transfer")
    return found


def accept(transfer: Transfer, *, actor: Actor, into: SchoolClass | None) -> None:
    """Take the child over; `into` is her class, for a school. The caller posts the job that moves the file."""
    _answer(transfer, actor, TransferState.ACCEPTED, "")
    if into is not None and into.unit_id != actor.unit.id:
        raise NotFound("class")
    transfer.to_class_id = into.id if into else None
    audit.record(actor, "children:transfer:accept", subject=f"transfer:{transfer.public_id}",
                 details={"case": transfer.case_no})  # fmt: skip


def refuse(transfer: Transfer, *, actor: Actor, why: str) -> None:
    """Say no, with the reason for the other side."""
    _answer(transfer, actor, TransferState.REFUSED, why)
    audit.record(actor, "children:transfer:refuse", subject=f"transfer:{transfer.public_id}",
                 details={"case": transfer.case_no})  # fmt: skip


def withdraw(transfer: Transfer, *, actor: Actor) -> None:
    """Take one's own offer back before it is answered."""
    _answer(transfer, actor, TransferState.WITHDRAWN, "")
    audit.record(actor, "children:transfer:withdraw", subject=f"transfer:{transfer.public_id}",
                 details={"case": transfer.case_no})  # fmt: skip


def _answer(transfer: Transfer, actor: Actor, state: TransferState, words: str) -> None:
    actor.require(Permission.CHILD_TRANSFER_EDIT)
    transfer.state, transfer.answer = state, words
    transfer.answered_by_id, transfer.answered_at = actor.person_id, now()
    db.session.flush()


def carry_out(public_id: uuid.UUID, *, actor: Actor) -> None:
    """Move the file of an accepted transfer, in a session with the county's scope. The caller commits.

    Where the child is no longer at the unit that offered her, the transfer fails and says so.
    """
    found = db.session.scalars(
        select(Transfer)
        .where(Transfer.public_id == public_id, Transfer.state == TransferState.ACCEPTED)
        .options(joinedload(Transfer.from_unit), joinedload(Transfer.to_unit))
        .with_for_update(of=Transfer)
    ).one_or_none()
    if found is None:
        return
    child = db.session.get(Child, found.child_id, options=[selectinload(Child.placements)])
    at = None if child is None else (child.school_id if found.side is Side.SCHOOL else child.village_id)
    if child is None or at != found.from_unit_id or child.exited_on is not None:
        found.state, found.done_at = TransferState.FAILED, now()
    else:
        _move(child, found)
        found.state, found.done_at = TransferState.DONE, now()
        after_change(child)
    audit.record(actor, "children:transfer:done", subject=f"transfer:{found.public_id}",
                 details={"case": found.case_no, "state": found.state})  # fmt: skip


def _move(child: Child, transfer: Transfer) -> None:
    receiver, on = transfer.to_unit, transfer.effective_on
    for place in list(child.placements):
        if place.side is transfer.side and place.until > on:
            if place.since >= on:
                child.placements.remove(place)
            else:
                place.until = on
    child.placements.append(Placement(side=transfer.side, stat_unit=receiver, since=on, until=FOREVER))
    if transfer.side is Side.SCHOOL:
        child.school = receiver
        db.session.flush()
        joined = db.session.get(SchoolClass, transfer.to_class_id) if transfer.to_class_id else None
        child.school_class = joined
        child.class_name = joined.name if joined else ""
        child.grade = joined.grade or None if joined else child.grade
    else:
        child.village = receiver
    db.session.flush()
    claims_at_giver = select(IdentityClaim).where(
        IdentityClaim.county_id == child.county_id, IdentityClaim.id_no_index == child.id_no_index,
        IdentityClaim.unit_id == transfer.from_unit_id,
    )  # fmt: skip
    for claim in db.session.scalars(claims_at_giver):
        claim.unit = receiver
    for kind, unit in ((EventKind.TRANSFERRED_OUT, transfer.from_unit), (EventKind.TRANSFERRED_IN, receiver)):
        db.session.add(ChildEvent(child=child, kind=kind, side=transfer.side, happened_on=on, stat_unit=unit,
                               person_id=transfer.answered_by_id))  # fmt: skip
