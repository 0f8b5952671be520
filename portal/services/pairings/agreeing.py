"""The second person's yes: a pairing with somebody from outside opens the child only once two people agree."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.accounts import User
from portal.models.pairings import Pairing, PairingProposal
from portal.services import audit
from portal.services.pairings.arranging import Arrangement, check, not_about_oneself
from portal.services.pairings.ending import leave
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import PairingEnd, PairingState


def list_proposals(unit: Unit, *, actor: Actor) -> Sequence[PairingProposal]:
    """Proposals of a unit (of a township: of its units) that wait, oldest first; at most two hundred."""
    actor.require(Permission.PAIRING_READ, at=unit)
    query = select(PairingProposal).where(_open_at(unit))
    loaded = query.options(joinedload(PairingProposal.helper), joinedload(PairingProposal.child),
                           joinedload(PairingProposal.stat_unit))  # fmt: skip
    return db.session.scalars(loaded.order_by(PairingProposal.id).limit(200)).unique().all()


def count_proposals(unit: Unit, *, actor: Actor) -> int:
    """How many wait at a unit, whoever may answer them."""
    actor.require(Permission.PAIRING_READ, at=unit)
    return db.session.scalar(select(func.count(PairingProposal.id)).where(_open_at(unit))) or 0


def waiting(unit: Unit, *, actor: Actor) -> ScalarSelect[int]:
    """How many proposals wait for the actor's own yes."""
    actor.require(Permission.PAIRING_GOVERN)
    mine = PairingProposal.created_by_id == actor.user_id
    return select(func.count()).where(_open_at(unit), ~mine).scalar_subquery()


def _open_at(unit: Unit) -> ColumnElement[bool]:
    return PairingProposal.counts_at(unit) & (PairingProposal.state == PairingState.OPEN)


def get_proposal(public_id: uuid.UUID, *, actor: Actor) -> PairingProposal:
    """A proposal inside the scope. Raises NotFound."""
    actor.require(Permission.PAIRING_READ)
    query = select(PairingProposal).where(PairingProposal.public_id == public_id)
    loaded = query.options(joinedload(PairingProposal.helper), joinedload(PairingProposal.child))
    found = db.session.scalars(loaded).one_or_none()
    if found is None:
        raise NotFound("pairing proposal")
    return found


def proposer_of(proposal: PairingProposal) -> User | None:
    """Who arranged it, the first of the two."""
    query = select(User).where(User.id == proposal.created_by_id)
    return db.session.scalars(query.options(joinedload(User.person))).one_or_none()


def agree(proposal: PairingProposal, *, actor: Actor) -> Pairing:
    """Say yes as the second person: the pairing begins, and what was right when it was proposed is asked again.

    Raises Refused for the first person herself, for the helper, for a proposal that is answered, and for
    whatever stands against the pairing by now.
    """
    actor.require(Permission.PAIRING_GOVERN, at=proposal.stat_unit)
    _still_open(proposal)
    if actor.user_id == proposal.created_by_id:
        raise Refused(_l("You have arranged it yourself: the second yes is somebody else’s."))
    not_about_oneself(actor, proposal.helper_id)
    earlier = db.session.get(Pairing, proposal.follows_id) if proposal.follows_id else None
    arrangement = Arrangement.of(proposal)
    until = check(proposal.child, proposal.helper, proposal.stat_unit, arrangement, follows=earlier,
                  proposal=proposal)  # fmt: skip
    _answer(proposal, actor, PairingState.AGREED, "")
    starts_on = max(proposal.starts_on, today()) if earlier is not None else proposal.starts_on
    if earlier is not None and earlier.ends_on > starts_on:
        leave(earlier, on=starts_on, reason=PairingEnd.HANDED_OVER)
    pairing = Pairing(
        public_id=uuid.uuid4(), child=proposal.child, helper=proposal.helper, stat_unit=proposal.stat_unit,
        created_by_id=proposal.created_by_id, approved_by_id=actor.user_id, follows_id=proposal.follows_id,
        **asdict(arrangement) | {"starts_on": starts_on, "ends_on": until},
    )  # fmt: skip
    db.session.add(pairing)
    db.session.flush()
    audit.record(actor, "pairings:pairing:agree", at=proposal.stat_unit, child=proposal.child,
                 subject=f"pairing:{pairing.public_id}", details={"kind": pairing.kind.value})  # fmt: skip
    return pairing


def refuse(proposal: PairingProposal, *, actor: Actor, reason: str) -> None:
    """Say no, with the reason. Raises Refused for a proposal that is answered."""
    actor.require(Permission.PAIRING_GOVERN, at=proposal.stat_unit)
    _still_open(proposal)
    _answer(proposal, actor, PairingState.REFUSED, reason)
    _tell(proposal, actor, "refuse")


def withdraw(proposal: PairingProposal, *, actor: Actor) -> None:
    """Take a proposal of one's own unit back. Raises Refused for one that is answered."""
    actor.require(Permission.PAIRING_EDIT, at=proposal.stat_unit)
    _still_open(proposal)
    _answer(proposal, actor, PairingState.WITHDRAWN, "")
    _tell(proposal, actor, "withdraw")


def _still_open(proposal: PairingProposal) -> None:
    db.session.refresh(proposal, ["state"], with_for_update=True)
    if proposal.state is not PairingState.OPEN:
        raise Refused(_l("This proposal has been answered already: %(state)s.", state=proposal.state.label))


def _answer(proposal: PairingProposal, actor: Actor, state: PairingState, words: str) -> None:
    proposal.state, proposal.decided_by_id = state, actor.user_id
    proposal.answered_on, proposal.answer = today(), words
    db.session.flush()


def _tell(proposal: PairingProposal, actor: Actor, verb: str) -> None:
    audit.record(actor, f"pairings:pairing:{verb}", at=proposal.stat_unit, child=proposal.child,
                 subject=f"pairing:{proposal.public_id}", details={"kind": proposal.kind.value})  # fmt: skip
