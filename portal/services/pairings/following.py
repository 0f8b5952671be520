"""Keeping a pairing alive: its plan, 三知 (what the helper knows by now, D3-1), and what it has brought."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.pairings import Pairing, PairingReview
from portal.services import audit
from portal.services.pairings.ending import check_live
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.terms import DutyPackage, LocalLabel, PairingReason

KNOWS = ("knows_child_on", "knows_guardian_on", "knows_parents_on")
"""三知: the child, the guardian, where the parents are and how to reach them."""


@dataclass(frozen=True)
class Plan:
    """What of a pairing may change while it lasts."""

    reason: PairingReason | None = None
    local_label: LocalLabel | None = None
    package: DutyPackage | None = None
    goals: str = ""
    times: str = ""
    content: str = ""
    knows: Collection[str] = ()
    """Names of KNOWS that hold; one that held already keeps its day."""


def change_plan(pairing: Pairing, *, actor: Actor, plan: Plan) -> None:
    """Write the plan anew. Raises Refused for a pairing that has ended."""
    actor.require(Permission.PAIRING_EDIT, at=pairing.stat_unit)
    check_live(pairing)
    for name in ("reason", "local_label", "package", "goals", "times", "content"):
        setattr(pairing, name, getattr(plan, name))
    for name in KNOWS:
        held: date | None = getattr(pairing, name)
        setattr(pairing, name, (held or today()) if name in plan.knows else None)
    db.session.flush()
    _tell(actor, pairing, "plan")


def review(pairing: Pairing, *, actor: Actor, made_on: date, effect: str) -> PairingReview:
    """Write down what it has brought so far. Raises Refused for a day ahead or before the pairing."""
    actor.require(Permission.PAIRING_EDIT, at=pairing.stat_unit)
    if not pairing.starts_on <= made_on <= today():
        raise Refused(_l("The day lies between the first day of the pairing and today."), field="made_on")
    row = PairingReview(
        child=pairing.child, pairing_id=pairing.id, made_on=made_on, effect=effect, person_id=actor.person_id
    )
    db.session.add(row)
    db.session.flush()
    _tell(actor, pairing, "review")
    return row


def _tell(actor: Actor, pairing: Pairing, verb: str) -> None:
    audit.record(actor, f"pairings:pairing:{verb}", at=pairing.stat_unit, child=pairing.child,
                 subject=f"pairing:{pairing.public_id}")  # fmt: skip
