"""Making a pairing: the rules of each kind, one person's act, and where the kind asks for it a second one's yes.

School kinds (帮扶教师, 学习辅导, 导师) are a teacher's duty. Office kinds (干部, 党员) ask the family. All others are
for people on the roster whose check is valid, ask the family, and open nothing until a second person agrees.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.accounts import Person
from portal.models.children import Child
from portal.models.pairings import Pairing, PairingProposal
from portal.models.volunteers import Volunteer
from portal.services import audit
from portal.services.children.keeping import consents
from portal.services.pairings import limits
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import (
    DutyPackage,
    HelperRank,
    LocalLabel,
    PairingKind,
    PairingReason,
    PairingState,
    Purpose,
    UnitKind,
)

YEAR = timedelta(days=366)
CADRE_YEARS = 3
"""为期三年 (D4-02)."""
LONGEST = timedelta(days=6 * 366)


@dataclass(frozen=True)
class Arrangement:
    """What is agreed between a helper and a child, as typed."""

    kind: PairingKind
    starts_on: date
    ends_on: date | None = None
    """The agreed end; a cadre's pairing lasts three years where none is typed."""
    reason: PairingReason | None = None
    helper_rank: HelperRank | None = None
    local_label: LocalLabel | None = None
    package: DutyPackage | None = None
    goals: str = ""
    times: str = ""
    content: str = ""
    beyond: str = ""
    note: str = ""

    @classmethod
    def of(cls, row: Pairing | PairingProposal, **changes: Any) -> Arrangement:
        """What a row says, with changes."""
        kept = {one.name: getattr(row, one.name) for one in fields(cls)}
        return cls(**kept | {"ends_on": row.last_day} | changes)


def kinds_at(unit: Unit) -> list[PairingKind]:
    """The kinds that a unit arranges: only a school has teachers."""
    of_school = unit.kind is UnitKind.SCHOOL
    return [kind for kind in PairingKind if of_school or not kind.is_of_school]


def pair(
    child: Child, *, actor: Actor, unit: Unit, helper: uuid.UUID, arrangement: Arrangement
) -> Pairing | PairingProposal:
    """Pair a helper (a person's id) with a child of one's own unit; a proposal where a second yes is needed.

    It lasts as long as the family’s consent. Raises NotFound for a child of another unit, Refused without
    consent, for a helper who does not fit the kind, is paired with the child or at her limit without a reason,
    for a kind the child has already, and for days out of reason.
    """
    actor.require(Permission.PAIRING_EDIT, at=unit)
    return arrange(child, actor=actor, unit=unit, helper=helper, arrangement=arrangement)


def assign_tutor(child: Child, *, actor: Actor, unit: Unit, helper: uuid.UUID, starts_on: date,
                 content: str = "", times: str = "") -> Pairing:  # fmt: skip
    """A teacher of the school helps with school work (1:5, D0-3): the class teacher's own to write down."""
    actor.require(Permission.CLASS_HELP_EDIT, at=unit)
    arrangement = Arrangement(PairingKind.TUTOR, starts_on, reason=PairingReason.STUDY, content=content,
                              times=times)  # fmt: skip
    made = arrange(child, actor=actor, unit=unit, helper=helper, arrangement=arrangement)
    assert isinstance(made, Pairing), "a school's own kind waits for nobody"
    return made


def arrange(
    child: Child,
    *,
    actor: Actor,
    unit: Unit,
    helper: uuid.UUID,
    arrangement: Arrangement,
    follows: Pairing | None = None,
) -> Pairing | PairingProposal:
    """The act itself, for callers who have asked for the permission. `follows` is the pairing it goes on for."""
    if unit.id not in (child.village_id, child.school_id) or arrangement.kind not in kinds_at(unit):
        raise NotFound("child")
    person = db.session.scalars(select(Person).where(Person.public_id == helper)).one_or_none()
    if person is None:
        raise Refused(_l("Choose a helper from the list."), field="helper")
    until = check(child, person, unit, arrangement, follows=follows)
    waits = arrangement.kind.is_checked
    if waits:
        not_about_oneself(actor, person.id)
    agreed = asdict(arrangement) | {"ends_on": until}
    cls = PairingProposal if waits else Pairing
    made = cls(
        public_id=uuid.uuid4(), child=child, helper=person, stat_unit=unit, created_by_id=actor.user_id,
        follows_id=follows.id if follows else None, **agreed,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    verb = "propose" if waits else "make"
    audit.record(actor, f"pairings:pairing:{verb}", at=unit, child=child, subject=f"pairing:{made.public_id}",
                 details={"kind": arrangement.kind.value})  # fmt: skip
    return made


def not_about_oneself(actor: Actor, helper_id: int) -> None:
    """Refuse to arrange or to agree to a pairing of one's own."""
    if actor.person_id == helper_id:
        raise Refused(_l("Nobody arranges a pairing for herself: ask a colleague."), field="helper")


def check(
    child: Child,
    helper: Person,
    unit: Unit,
    arrangement: Arrangement,
    *,
    follows: Pairing | None = None,
    proposal: PairingProposal | None = None,
) -> date:
    """The day on which it ends (FOREVER while open); raises Refused for whatever stands against it.

    `follows` and `proposal` are the rows that this pairing takes the place of.
    """
    if child.exited_on is not None:
        raise Refused(_l("The child has left: nobody is paired with her any more."), field="helper")
    fit_helper(helper, unit, arrangement.kind)
    until = _last_day(child, arrangement)
    db.session.scalars(select(Child.id).where(Child.id == child.id).with_for_update()).one()
    _check_twice(child, helper, arrangement, instead_of=(follows, proposal))
    _check_limit(child, helper, arrangement)
    return until


def fit_helper(helper: Person, unit: Unit, kind: PairingKind) -> None:
    """Refuse somebody who may not help in this way: a teacher of another school, a volunteer without a check."""
    if kind.is_of_school:
        if helper.unit_id != unit.id:
            raise Refused(_l("Choose a teacher of the school."), field="helper")
        return
    if kind.is_of_office:
        if helper.county_id != unit.county_id:
            raise Refused(_l("Choose a helper from the list."), field="helper")
        return
    volunteer = db.session.scalars(select(Volunteer).where(Volunteer.person_id == helper.id)).one_or_none()
    if volunteer is None or (
        volunteer.township_id != unit.township_id and volunteer.unit_id != unit.county_id
    ):
        raise Refused(_l("Choose a volunteer from the list."), field="helper")
    if not volunteer.may_meet_children_on(today()):
        raise Refused(
            _l("This volunteer is not on the roster or her yearly check has expired."), field="helper"
        )


def _last_day(child: Child, arrangement: Arrangement) -> date:
    day, starts_on = today(), arrangement.starts_on
    if not day - YEAR <= starts_on <= day + YEAR:
        raise Refused(_l("The first day must lie within a year of today."), field="starts_on")
    until = arrangement.ends_on
    if until is not None and not starts_on < until <= starts_on + LONGEST:
        raise Refused(_l("The last day lies after the first, within six years."), field="ends_on")
    if until is None:
        until = _years_later(starts_on) if arrangement.kind.is_of_office else FOREVER
    if not arrangement.kind.asks_family:
        return until
    consent = consents.holds(child, Purpose.PAIRING)
    if consent is None:
        raise Refused(
            _l("The family has not agreed to a pairing yet. Write its consent down first."), field="helper"
        )
    agreed = consent.expires_on or FOREVER
    if starts_on >= agreed:
        raise Refused(_l("The family’s consent ends before that day."), field="starts_on")
    return min(until, agreed)


def _years_later(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + CADRE_YEARS, day=28 if leap else day.day)


def _check_twice(
    child: Child,
    helper: Person,
    arrangement: Arrangement,
    *,
    instead_of: tuple[Pairing | None, PairingProposal | None],
) -> None:
    starts_on = max(arrangement.starts_on, today())
    live = select(Pairing).where(Pairing.child_id == child.id, Pairing.ends_on > starts_on)
    asked = select(PairingProposal).where(
        PairingProposal.child_id == child.id, PairingProposal.state == PairingState.OPEN
    )
    found: list[Pairing | PairingProposal] = [*db.session.scalars(live), *db.session.scalars(asked)]
    if any(one.helper_id == helper.id for one in found if one is not instead_of[1]):
        raise Refused(_l("These two are paired already, or wait for the second yes."), field="helper")
    if any(one.kind is arrangement.kind for one in found if one not in instead_of):
        raise Refused(
            _l("The child has a helper of this kind already: end that pairing or hand it over."),
            field="helper",
        )


def _check_limit(child: Child, helper: Person, arrangement: Arrangement) -> None:
    limit = limits.limits_of(child.county_id)[arrangement.kind.limit_kind]
    held = limits.load_of(child.county_id, helper.id, arrangement.kind.limit_kind)
    if held >= limit and not arrangement.beyond:
        raise Refused(
            _l("She already helps %(held)s children, and the county’s limit is %(limit)s. Choose somebody else,"
               " or write why she takes one more.", held=held, limit=limit),
            field="beyond",
        )  # fmt: skip
