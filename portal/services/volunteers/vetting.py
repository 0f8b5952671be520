"""What allows a volunteer near a child: checks with an end, the promise, and the way onto the roster.

申请 → 待审 → 在册 → 暂停 → 退出. Whoever is not on the roster, or whose yearly check has lapsed, has no role and
cannot be paired: `Volunteer.may_meet_children_on`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.pairings import Pairing
from portal.models.volunteers import Vetting, Volunteer
from portal.services import audit
from portal.services.volunteers.roster import place_of
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.scope import county_wide
from portal.terms import VettingKind, VettingResult, VolunteerStatus

LONGEST = timedelta(days=365)
"""A check of the record holds a year at most (未保法 art. 62: yearly)."""


def list_vettings(volunteer: Volunteer, *, actor: Actor) -> Sequence[Vetting]:
    """Her checks, newest first."""
    actor.require(Permission.VOLUNTEER_READ)
    query = select(Vetting).where(Vetting.volunteer_id == volunteer.id)
    return db.session.scalars(query.order_by(Vetting.checked_on.desc(), Vetting.id.desc())).all()


def list_missing(volunteer: Volunteer, vettings: Sequence[Vetting]) -> list[Any]:
    """What she lacks to be near a child, one sentence each; nothing if she lacks nothing."""
    lacks = _lacks_for_the_roster(volunteer, vettings)
    if volunteer.vetted_until is None:
        lacks.append(_l("The check of her record has not been passed yet."))
    elif volunteer.vetted_until <= today():
        lacks.append(_l("The check of her record has lapsed: it must be renewed."))
    return lacks


def _lacks_for_the_roster(volunteer: Volunteer, vettings: Sequence[Vetting]) -> list[Any]:
    lacks = []
    identity = next((one for one in vettings if one.kind is VettingKind.IDENTITY), None)
    if identity is None or identity.result is not VettingResult.PASSED:
        lacks.append(_l("Her identity has not been checked."))
    if volunteer.promised_on is None:
        lacks.append(_l("She has not signed the promise."))
    return lacks


def vet(
    volunteer: Volunteer,
    *,
    actor: Actor,
    kind: VettingKind,
    result: VettingResult,
    checked_on: date,
    valid_until: date | None = None,
    paper: str = "",
) -> Vetting:
    """Write a check down. A record that was not passed closes every child to her at once.

    Raises Refused for a day ahead, or an end that is not within a year after the check.
    """
    actor.require(Permission.VOLUNTEER_GOVERN, at=place_of(volunteer))
    if checked_on > today():
        raise Refused(_l("This day has not come yet."), field="checked_on")
    ends = valid_until if result is VettingResult.PASSED and kind is not VettingKind.IDENTITY else None
    if kind is VettingKind.RECORD and result is VettingResult.PASSED:
        ends = ends or checked_on + LONGEST
    if ends is not None and not checked_on < ends <= checked_on + LONGEST:
        raise Refused(_l("It ends after the check, a year later at most."), field="valid_until")
    row = Vetting(
        public_id=uuid.uuid4(), volunteer_id=volunteer.id, unit=place_of(volunteer), kind=kind, result=result,
        checked_on=checked_on, valid_until=ends, paper=paper, person_id=actor.person_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    if kind is VettingKind.RECORD:
        volunteer.vetted_until = _record_holds_until(volunteer)
        db.session.flush()
    _write(actor, "volunteers:vetting:write", volunteer, kind=kind.value, result=result.value)
    return row


def _record_holds_until(volunteer: Volunteer) -> date | None:
    """By the newest answered check of her record."""
    query = select(Vetting).where(
        Vetting.volunteer_id == volunteer.id,
        Vetting.kind == VettingKind.RECORD,
        Vetting.result != VettingResult.WAITING,
    )
    newest = db.session.scalars(query.order_by(Vetting.checked_on.desc(), Vetting.id.desc()).limit(1)).first()
    return newest.valid_until if newest is not None else None


def promise(volunteer: Volunteer, *, actor: Actor, on: date) -> None:
    """She has signed the promise. Raises Refused for a day ahead."""
    actor.require(Permission.VOLUNTEER_GOVERN, at=place_of(volunteer))
    if on > today():
        raise Refused(_l("This day has not come yet."), field="on")
    volunteer.promised_on = on
    db.session.flush()
    _write(actor, "volunteers:promise:write", volunteer)


def enroll(volunteer: Volunteer, *, actor: Actor) -> None:
    """Put her onto the roster; a child opens to her only once her record has been checked too.

    Raises Refused with everything that is missing.
    """
    actor.require(Permission.VOLUNTEER_GOVERN, at=place_of(volunteer))
    if volunteer.status is VolunteerStatus.ACTIVE:
        raise Refused(_l("She is on the roster already."))
    lacks = _lacks_for_the_roster(volunteer, list_vettings(volunteer, actor=actor))
    if lacks:
        refused = Refused(lacks[0])
        refused.others = tuple(Refused(one) for one in lacks[1:])
        raise refused
    _change(volunteer, actor, VolunteerStatus.ACTIVE, "")


def pause(volunteer: Volunteer, *, actor: Actor, reason: str) -> None:
    """She helps for a while no more, and sees no child from now on. Raises Refused if she is not on the roster."""
    actor.require(Permission.VOLUNTEER_GOVERN, at=place_of(volunteer))
    if volunteer.status is not VolunteerStatus.ACTIVE:
        raise Refused(_l("She is not on the roster."))
    _change(volunteer, actor, VolunteerStatus.PAUSED, reason)


def leave(volunteer: Volunteer, *, actor: Actor, reason: str) -> None:
    """She leaves for good. Raises Refused while she is paired: the units hand those pairings over first."""
    actor.require(Permission.VOLUNTEER_GOVERN, at=place_of(volunteer))
    if volunteer.status is VolunteerStatus.LEFT:
        raise Refused(_l("She has left already."))
    paired = count_paired(volunteer)
    if paired:
        raise Refused(_l("She is still paired with %(n)s children: end or hand those pairings over first. "
                         "Until then, pausing closes every child to her at once.", n=paired))  # fmt: skip
    _change(volunteer, actor, VolunteerStatus.LEFT, reason)


def count_paired(volunteer: Volunteer) -> int:
    """With how many children she is paired, today or from a day ahead, wherever in the county they live."""
    query = select(func.count()).select_from(Pairing).where(
        Pairing.helper_id == volunteer.person_id, Pairing.ends_on > today()
    )  # fmt: skip
    with county_wide(volunteer.county_id) as session:
        return session.scalar(query) or 0


def _change(volunteer: Volunteer, actor: Actor, status: VolunteerStatus, reason: str) -> None:
    volunteer.status, volunteer.status_since, volunteer.status_note = status, today(), reason
    db.session.flush()
    _write(actor, "volunteers:status:change", volunteer, status=status.value)


def _write(actor: Actor, action: str, volunteer: Volunteer, **details: str) -> None:
    subject = f"volunteer:{volunteer.public_id}"
    audit.record(actor, action, at=place_of(volunteer), subject=subject, details=details)
