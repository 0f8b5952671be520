"""Proposals: one side of a child asks the other to change a field it owns; the owner takes it over or not."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import joinedload, undefer

from portal.config import now
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child, Proposal
from portal.services import audit
from portal.services.children import editing
from portal.services.children.fields import OWNER, Group, Values
from portal.services.children.owning import own
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import ProposalState, Side


def propose(child: Child, group: Group, changed: Values, *, actor: Actor, reason: str) -> Proposal:
    """Ask the owner of a group to change it. Raises Refused without a change, NotFound for another's child."""
    actor.require(Permission.CHILD_FILE_EDIT)
    own(child, actor)
    editing.check(child, group, changed)
    if not changed:
        raise Refused(_l("Nothing is changed."))
    made = Proposal(child=child, owner_side=OWNER[group], group=group.value, reason=reason,
                    by_unit_id=actor.unit.id, person_id=actor.person_id)  # fmt: skip
    db.session.add(made)
    made.values = json.dumps(changed, ensure_ascii=False)
    db.session.flush()
    audit.record(actor, "children:proposal:make", child=child, subject=f"proposal:{made.public_id}")
    return made


def list_open(child: Child, *, actor: Actor) -> Sequence[Proposal]:
    """The proposals about a child that wait for an answer."""
    actor.require(Permission.CHILD_LIST_READ)
    query = (
        select(Proposal)
        .where(Proposal.child_id == child.id, Proposal.state == ProposalState.OPEN)
        .options(joinedload(Proposal.person), undefer(Proposal.values_sealed))
        .order_by(Proposal.id)
    )
    return db.session.scalars(query).all()


def list_declined(child: Child, *, actor: Actor, limit: int = 5) -> Sequence[Proposal]:
    """The actor's unit's own proposals about a child that were not taken over, the newest first."""
    actor.require(Permission.CHILD_LIST_READ)
    query = (
        select(Proposal)
        .where(Proposal.child_id == child.id, Proposal.by_unit_id == actor.unit.id,
               Proposal.state == ProposalState.REFUSED)
        .options(joinedload(Proposal.answered_by))
        .order_by(Proposal.id.desc())
        .limit(limit)
    )  # fmt: skip
    return db.session.scalars(query).all()


def list_for(unit: Unit, *, actor: Actor, limit: int = 100) -> Sequence[Proposal]:
    """The proposals that wait for an answer of the unit, oldest first."""
    actor.require(Permission.CHILD_FILE_EDIT, at=unit)
    query = (
        select(Proposal)
        .where(*_waiting(unit))
        .options(joinedload(Proposal.person), joinedload(Proposal.child))
    )
    return db.session.scalars(query.order_by(Proposal.id).limit(limit)).all()


def waiting(unit: Unit, *, actor: Actor) -> ScalarSelect[int]:
    """How many proposals wait for an answer of the unit."""
    actor.require(Permission.CHILD_FILE_EDIT, at=unit)
    return select(func.count()).select_from(Proposal).where(*_waiting(unit)).scalar_subquery()


def _waiting(unit: Unit):  # type: ignore[no-untyped-def]
    mine = (Proposal.owner_side == Side.SCHOOL) & (Proposal.s_unit_id == unit.id)
    home = (Proposal.owner_side == Side.VILLAGE) & (Proposal.v_unit_id == unit.id)
    return mine | home, Proposal.state == ProposalState.OPEN, Proposal.by_unit_id != unit.id


def get_proposal(child: Child, public_id: uuid.UUID, *, actor: Actor) -> Proposal:
    """An open proposal about the child. Raises NotFound."""
    for one in list_open(child, actor=actor):
        if one.public_id == public_id:
            return one
    raise NotFound("proposal")


def values_of(proposal: Proposal) -> Values:
    """What is proposed, as plain data."""
    found: Values = json.loads(proposal.values or "{}")
    return found


def answer(child: Child, proposal: Proposal, *, actor: Actor, accepted: bool, words: str = "") -> None:
    """Take a proposal over, or say why not. Raises Refused for a no without a word, and as `editing.edit`."""
    actor.require(Permission.CHILD_FILE_EDIT)
    own(child, actor)
    if accepted:
        editing.edit(child, Group(proposal.group), values_of(proposal), actor=actor)
    elif not editing.owns(child, Group(proposal.group), actor):
        raise NotFound("proposal")
    elif not words:
        raise Refused(_l("Write why not; the other side reads it."), field="words")
    proposal.state = ProposalState.ACCEPTED if accepted else ProposalState.REFUSED
    proposal.answer, proposal.answered_by_id, proposal.answered_at = words, actor.person_id, now()
    db.session.flush()
    audit.record(actor, "children:proposal:answer", child=child, subject=f"proposal:{proposal.public_id}",
                 details={"state": proposal.state})  # fmt: skip
