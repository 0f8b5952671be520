"""Guardianship (监护): who cares for a child, how she copes, the delegated-care agreement, contact with parents.

Nothing is overwritten: another guardian ends the one before, a new assessment stands beside the old ones.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import CareAgreement, Child, ChildEvent, GuardianAssessment, Guardianship
from portal.services import audit
from portal.services.children.files import after_change
from portal.services.children.owning import keeper_of_household, own, own_household
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.permissions import Permission
from portal.terms import Assessment, ContactRhythm, EventKind, GuardianKind, Side

__all__ = [
    "MEANING", "Care", "assess", "change_guardian", "current", "end_agreement", "get_agreement",
    "keeper_of_household", "note_contact", "own_household", "read_care", "sign_agreement",
]  # fmt: skip

MEANING: Mapping[Assessment, LazyString] = {
    Assessment.GOOD: _l(
        "the carer fulfils her duties well: daily life, schooling and health are well looked after"
    ),
    Assessment.FAIR: _l(
        "the carer does what is needed: daily life, schooling and health are looked after, but the child may"
        " come to behave differently or lose her balance"
    ),
    Assessment.POOR: _l(
        "nobody cares, the parent at home cannot, or the carer is not able to: the child’s life, schooling and"
        " health are not looked after, and something has happened already or easily may"
    ),
}
"""较好 / 一般 / 差 as the official register form defines them (民发〔2016〕42号, notes 4)."""

CAN_BE_SIGNED = frozenset(GuardianKind) - {GuardianKind.NONE, GuardianKind.PARENT}
"""Kinds of care that parents delegate in writing."""


@dataclass(frozen=True)
class Care:
    """What is written down of the care of one child, newest first."""

    now: Guardianship | None
    before: Sequence[Guardianship]
    assessments: Sequence[GuardianAssessment]
    agreements: Sequence[CareAgreement]

    @property
    def agreement(self) -> CareAgreement | None:
        """The agreement that holds today with today's guardian."""
        live = (one for one in self.agreements if one.is_live_on(today()))
        return next((one for one in live if self.now and one.guardianship_id == self.now.id), None)

    @property
    def lacks_agreement(self) -> bool:
        """Whether the parents still have to tell in writing whom they gave the child to."""
        return self.now is not None and self.now.kind in CAN_BE_SIGNED and self.agreement is None


def read_care(child: Child, *, actor: Actor) -> Care:
    """The care of a child inside the actor's scope."""
    actor.require(Permission.CHILD_CARE_READ)
    audit.read(actor, "children:file:read", child=child)
    held = sorted(child.guardianships, key=lambda one: (one.since, one.id or 0), reverse=True)
    now = current(child)
    return Care(
        now=now,
        before=[one for one in held if one is not now],
        assessments=_of(child, GuardianAssessment, GuardianAssessment.assessed_on.desc()),
        agreements=_of(child, CareAgreement, CareAgreement.signed_on.desc()),
    )


def _of(child: Child, rows: Any, order: Any) -> Sequence[Any]:
    query = select(rows).where(rows.child_id == child.id).order_by(order, rows.id.desc())
    return db.session.scalars(query.options(joinedload(rows.person), joinedload(rows.guardianship))).all()


def current(child: Child) -> Guardianship | None:
    """Today's guardian."""
    day = today()
    return next((one for one in child.guardianships if one.since <= day < one.until), None)


def change_guardian(
    child: Child, *, actor: Actor, since: date, kind: GuardianKind, **facts: Any
) -> Guardianship:
    """Another guardian from `since` on; the one before ends that day, and with her the agreement with her.

    On the very day on which the guardian of today began it corrects what is written of her. `facts` are
    columns of Guardianship. Raises Refused for a day to come or one that another guardian holds, for a
    correction below an assessment or agreement, and for a person without name or phone where somebody cares;
    NotFound and PermissionDenied as `own_household`.
    """
    actor.require(Permission.CHILD_CARE_EDIT)
    own_household(child, actor)
    held = current(child)
    _ask_when(child, held, since)
    if kind is not GuardianKind.NONE:
        _ask_who(facts)
    taken = held if held is not None and since == held.since else _follow(child, held, since)
    nobody = dict.fromkeys(facts) | {name: "" for name, value in facts.items() if isinstance(value, str)}
    for name, value in (nobody if kind is GuardianKind.NONE else facts).items():
        setattr(taken, name, value)
    taken.kind, taken.group = kind, str(kind.label)[:20]
    side = Side.VILLAGE if actor.unit.id == child.village_id else Side.SCHOOL
    place = child.village if side is Side.VILLAGE else child.school
    event = ChildEvent(child=child, kind=EventKind.GUARDIAN_CHANGED, side=side,
                       happened_on=since, person_id=actor.person_id, stat_unit=place)  # fmt: skip
    db.session.add(event)
    after_change(child)
    db.session.flush()
    audit.record(actor, "children:guardian:change", child=child, details={"kind": kind})
    return taken


def _ask_when(child: Child, held: Guardianship | None, since: date) -> None:
    if since > today():
        raise Refused(_l("The day lies in the future."), field="since")
    if since < child.birth_date or (held is not None and since < held.since):
        raise Refused(_l("The day lies before the guardian of today began."), field="since")
    if any(
        one.since <= since < one.until or since < one.since for one in child.guardianships if one is not held
    ):
        raise Refused(_l("Another guardian is written down for that day."), field="since")
    if held is not None and since == held.since and _rests_on(child, held):
        sentence = _l("An assessment or an agreement rests on this guardian. Choose the day after she began.")
        raise Refused(sentence, field="since")


def _rests_on(child: Child, held: Guardianship) -> bool:
    rows = (_of(child, kind, kind.id) for kind in (GuardianAssessment, CareAgreement))
    return any(one.guardianship_id == held.id for found in rows for one in found)


def _follow(child: Child, held: Guardianship | None, since: date) -> Guardianship:
    """The new row; the one before it and what was agreed with her end on its first day."""
    if held is not None:
        held.until = since
        for one in _of(child, CareAgreement, CareAgreement.id):
            if one.guardianship_id == held.id and one.valid_until > since:
                one.valid_until = max(one.signed_on, since)
                one.end_reason = str(_l("another guardian"))
    made = Guardianship(since=since, until=FOREVER)
    child.guardianships.append(made)
    return made


def _ask_who(facts: Mapping[str, Any]) -> None:
    wrong = [
        Refused(sentence, field=field)
        for field, sentence in (
            ("name", _l("Write the name of the person who cares for the child.")),
            ("phone", _l("Write a number under which this person can be reached.")),
        )
        if not facts.get(field)
    ]
    if wrong:
        wrong[0].others = tuple(wrong[1:])
        raise wrong[0]


def assess(child: Child, *, actor: Actor, level: Assessment, grounds: str, on: date) -> GuardianAssessment:
    """Write down how today's guardian copes, and on which grounds.

    Raises Refused without a guardian, for a day to come or one before she began, and for a poor assessment
    without grounds.
    """
    actor.require(Permission.CHILD_CARE_ASSESS)
    own(child, actor)
    held = current(child)
    if held is None:
        raise Refused(_l("Write down first who cares for the child."))
    if not held.since <= on <= today():
        raise Refused(_l("The day must lie between the first day of this guardian and today."), field="on")
    if level is not Assessment.GOOD and not grounds:
        raise Refused(_l("Write down what you saw; the reviewer reads it."), field="grounds")
    found = GuardianAssessment(child=child, guardianship_id=held.id, assessed_on=on,
                               level=level, grounds=grounds, person_id=actor.person_id)  # fmt: skip
    db.session.add(found)
    db.session.flush()
    newest = max(_of(child, GuardianAssessment, GuardianAssessment.assessed_on.desc()),
                 key=lambda one: (one.assessed_on, one.id))  # fmt: skip
    if newest is found:
        held.assessment = level
    after_change(child)
    db.session.flush()
    audit.record(actor, "children:guardian:assess", child=child, details={"level": level})
    return found


def sign_agreement(
    child: Child, *, actor: Actor, signed_on: date, valid_until: date | None,
    told_school_on: date | None, told_village_on: date | None,
) -> CareAgreement:  # fmt: skip
    """Keep the written agreement of the parents with today's guardian; `valid_until` is the last day, or None.

    Raises Refused where nobody was asked to care, and for days out of order.
    """
    actor.require(Permission.CHILD_CARE_EDIT)
    own_household(child, actor)
    held = current(child)
    if held is None or held.kind not in CAN_BE_SIGNED:
        raise Refused(_l("An agreement is made with somebody who cares in place of the parents."))
    if signed_on > today():
        raise Refused(_l("The day lies in the future."), field="signed_on")
    if valid_until is not None and valid_until < signed_on:
        raise Refused(_l("The last day lies before the first."), field="valid_until")
    for one in _of(child, CareAgreement, CareAgreement.signed_on.desc()):
        if one.is_live_on(signed_on):
            one.valid_until = max(one.signed_on, signed_on)
            one.end_reason = one.end_reason or str(_l("a new one was signed"))
    until = FOREVER if valid_until is None else date.fromordinal(valid_until.toordinal() + 1)
    made = CareAgreement(child=child, guardianship_id=held.id, signed_on=signed_on,
                         valid_until=until, told_school_on=told_school_on, told_village_on=told_village_on,
                         person_id=actor.person_id)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "children:agreement:sign", child=child)
    return made


def get_agreement(child: Child, agreement_id: uuid.UUID, *, actor: Actor) -> CareAgreement:
    """An agreement of the child that holds today, for whoever may end it. Raises NotFound."""
    actor.require(Permission.CHILD_CARE_EDIT)
    own_household(child, actor)
    for one in _of(child, CareAgreement, CareAgreement.signed_on.desc()):
        if one.public_id == agreement_id and one.is_live_on(today()):
            found: CareAgreement = one
            return found
    raise NotFound("agreement")


def end_agreement(child: Child, agreement_id: uuid.UUID, *, actor: Actor, reason: str) -> None:
    """End an agreement today, before its time. Raises NotFound where the child has no such live one."""
    one = get_agreement(child, agreement_id, actor=actor)
    one.valid_until, one.end_reason = max(today(), one.signed_on), reason
    db.session.flush()
    audit.record(actor, "children:agreement:end", child=child)


def note_contact(
    child: Child, *, actor: Actor, rhythm: ContactRhythm, on: date, home_on: date | None
) -> None:
    """How often the parents who are away are in touch, as somebody asked on a day. Raises Refused."""
    actor.require(Permission.CHILD_CARE_ASSESS)
    own(child, actor)
    for field, day in (("on", on), ("home_on", home_on)):
        if day is not None and day > today():
            raise Refused(_l("The day lies in the future."), field=field)
    child.parent_contact, child.parent_contact_on = rhythm, on
    child.parents_home_on = home_on or child.parents_home_on
    after_change(child)
    db.session.flush()
    audit.record(actor, "children:contact:note", child=child, details={"rhythm": rhythm})
