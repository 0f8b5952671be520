"""Ending a pairing, and handing it over: the days and visits so far stay with the helper who had them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.pairings import Pairing, PairingProposal
from portal.services import audit
from portal.services.pairings.arranging import Arrangement, arrange
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.terms import PairingEnd, PairingKind

AHEAD = timedelta(days=60)


def end_pairing(pairing: Pairing, *, actor: Actor, reason: PairingEnd, note: str = "") -> None:
    """End it today: the helper loses sight of the child with her next request.

    Only the unit that arranged it may end it; a tutor's the class teacher too. Raises Refused if it has ended.
    """
    tutor = pairing.kind is PairingKind.TUTOR and actor.can(Permission.CLASS_HELP_EDIT, pairing.stat_unit)
    actor.require(Permission.CLASS_HELP_EDIT if tutor else Permission.PAIRING_EDIT, at=pairing.stat_unit)
    check_live(pairing)
    leave(pairing, on=today(), reason=reason, note=note)
    db.session.flush()
    audit.record(
        actor,
        "pairings:pairing:end",
        at=pairing.stat_unit,
        child=pairing.child,
        subject=f"pairing:{pairing.public_id}",
        details={"reason": reason.value},
    )


def check_live(pairing: Pairing) -> None:
    """Refuse what has ended."""
    if pairing.ends_on <= today():
        raise Refused(_l("This pairing has ended already."))


def leave(pairing: Pairing, *, on: date, reason: PairingEnd, note: str = "") -> None:
    """The row's end, not before its beginning."""
    pairing.ends_on = max(on, pairing.starts_on)
    pairing.end_reason, pairing.end_note = reason, note


def hand_over(
    pairing: Pairing, *, actor: Actor, helper: uuid.UUID, on: date, beyond: str = ""
) -> Pairing | PairingProposal:
    """Another helper goes on from a day, by the same plan; of a kind that asks for it once a second person agrees.

    Raises Refused for a pairing that has ended, a day out of reason, a helper who does not fit.
    """
    actor.require(Permission.PAIRING_EDIT, at=pairing.stat_unit)
    check_live(pairing)
    if not today() <= on <= today() + AHEAD:
        raise Refused(_l("The day of the hand-over is today or within two months."), field="on")
    goes_on = Arrangement.of(
        pairing, starts_on=max(on, pairing.starts_on), beyond=beyond, helper_rank=None
    )  # fmt: skip
    made = arrange(pairing.child, actor=actor, unit=pairing.stat_unit, helper=helper, arrangement=goes_on,
                   follows=pairing)  # fmt: skip
    if isinstance(made, Pairing):
        leave(pairing, on=made.starts_on, reason=PairingEnd.HANDED_OVER)
        db.session.flush()
    audit.record(actor, "pairings:pairing:hand_over", at=pairing.stat_unit, child=pairing.child,
                 subject=f"pairing:{pairing.public_id}", details={"on": made.starts_on.isoformat()})  # fmt: skip
    return made
