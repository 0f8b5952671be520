"""Priority children (重点对象): reasons from the facts, a level by rule, the reviewer's own decision, the list.

The rule proposes, a person decides (domain C-01 risk_level). Every review ends the one before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ScalarSelect, func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.children import Child, PriorityReview
from portal.services import audit
from portal.services.children.files import after_change
from portal.services.children.guardianship import current
from portal.services.children.owning import own
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import (
    Assessment,
    ContactRhythm,
    GuardianKind,
    Health,
    NoteKind,
    PriorityLevel,
    PriorityReason,
    Schooling,
)

PAGE = 50
_R, _L = PriorityReason, PriorityLevel

WEIGHT: dict[PriorityReason, PriorityLevel] = {
    _R.LIVES_ALONE: _L.URGENT,
    _R.NO_GUARDIAN: _L.HIGH,
    _R.POOR_GUARDIAN: _L.HIGH,
    _R.OUT_OF_SCHOOL: _L.HIGH,
    _R.LOST_TOUCH: _L.HIGH,
    _R.NO_HUKOU: _L.MIDDLE,
    _R.DISABLED: _L.MIDDLE,
    _R.ILL: _L.MIDDLE,
    _R.POOR: _L.MIDDLE,
    _R.BEHAVIOR: _L.MIDDLE,
    _R.MIND: _L.MIDDLE,
}
"""What one reason alone amounts to; three together weigh one step more."""
TOGETHER = 3
REVIEW_AFTER = {_L.URGENT: 7, _L.HIGH: 30, _L.MIDDLE: 90}
"""Days after which a child of this level is looked at again (duty DTY-39 for plans: 30)."""
ONLY_SEEN = frozenset({_R.BEHAVIOR, _R.MIND})
"""Reasons that no fact of the file tells: only a person who knows the child can give them."""


@dataclass(frozen=True)
class Reading:
    """How closely a child is looked after at present, and what the rule says of the facts."""

    review: PriorityReview | None
    past: Sequence[PriorityReview]
    reasons: frozenset[PriorityReason]
    by_rule: PriorityLevel

    @property
    def news(self) -> list[PriorityReason]:
        """Reasons in the facts that no review has looked at."""
        known = frozenset(self.review.reasons) if self.review else frozenset()
        return [one for one in PriorityReason if one in self.reasons - known]


def reasons_of(child: Child) -> frozenset[PriorityReason]:
    """The reasons that the facts of the file tell today."""
    day, guardian = today(), current(child)
    notes = {note.kind for note in child.notes if note.since <= day < note.until}
    health = (child.health or "").partition(":")[0]
    told = {
        _R.NO_GUARDIAN: guardian is not None and guardian.kind is GuardianKind.NONE,
        _R.POOR_GUARDIAN: guardian is not None and guardian.assessment is Assessment.POOR,
        _R.LIVES_ALONE: child.lives_alone,
        _R.OUT_OF_SCHOOL: child.schooling is Schooling.DROPPED_OUT,
        _R.NO_HUKOU: child.hukou_registered is False,
        _R.DISABLED: health == Health.DISABLED or NoteKind.DISABILITY in notes,
        _R.ILL: health == Health.ILL,
        _R.POOR: any(aid.tells_hardship for aid in child.aid_list),
        _R.LOST_TOUCH: child.parent_contact is ContactRhythm.LOST,
    }
    return frozenset(reason for reason, holds in told.items() if holds)


def level_of(reasons: Collection[PriorityReason]) -> PriorityLevel:
    """The level that the rule gives to these reasons."""
    steps = list(PriorityLevel)
    heaviest = max((steps.index(WEIGHT[one]) for one in reasons), default=0)
    return steps[min(heaviest + (len(reasons) >= TOGETHER), len(steps) - 1)]


def read_priority(child: Child, *, actor: Actor) -> Reading:
    """The review that holds, the earlier ones, and what the rule says today."""
    actor.require(Permission.CHILD_CARE_READ)
    day = today()
    held = sorted(child.reviews, key=lambda one: (one.since, one.id or 0), reverse=True)
    live = next((one for one in held if one.since <= day < one.until), None)
    reasons = reasons_of(child)
    return Reading(live, [one for one in held if one is not live], reasons, level_of(reasons))


def review(
    child: Child,
    *,
    actor: Actor,
    reasons: Collection[PriorityReason],
    level: PriorityLevel,
    note: str,
    review_on: date | None,
) -> PriorityReview:
    """Decide how closely a child of one's own unit is looked after, from today on.

    No reason takes her off the list. Raises Refused where the decision is milder than the rule or leaves out
    a reason of the facts without a word why, or where nobody would look again in time.
    """
    actor.require(Permission.CHILD_PRIORITY_EDIT)
    own(child, actor)
    day, told = today(), reasons_of(child)
    chosen = tuple(one for one in PriorityReason if one in set(reasons))
    by_rule = level_of(told | set(chosen))
    steps = list(PriorityLevel)
    if not note and (steps.index(level) < steps.index(by_rule) or told - set(chosen)):
        raise Refused(_l("This is milder than the facts on file. Write down why."), field="note")
    if chosen and level is not PriorityLevel.LOW:
        latest = day + timedelta(days=REVIEW_AFTER[level])
        if review_on is None or not day < review_on <= latest:
            raise Refused(_l("For this level somebody looks again by %(day)s at the latest.",
                             day=latest.isoformat()), field="review_on")  # fmt: skip
    for one in list(child.reviews):
        if one.until > day:
            if one.since >= day:
                child.reviews.remove(one)
            else:
                one.until = day
    made = PriorityReview(since=day, until=FOREVER, reasons=chosen, by_rule=by_rule, level=level, note=note,
                          review_on=review_on if chosen else None, person_id=actor.person_id)  # fmt: skip
    child.reviews.append(made)
    after_change(child)
    db.session.flush()
    audit.record(actor, "children:priority:review", child=child, details={"level": level})
    return made


def _live(unit: Unit, day: date) -> ColumnElement[bool]:
    wide = unit.id == unit.township_id
    village, school = (
        (PriorityReview.v_town_id, PriorityReview.s_town_id)
        if wide
        else (PriorityReview.v_unit_id, PriorityReview.s_unit_id)
    )
    held = (PriorityReview.since <= day) & (PriorityReview.until > day) & (PriorityReview.reasons != ())
    return held & ((village == unit.id) | (school == unit.id))


def list_priority(
    unit: Unit, *, actor: Actor, after: tuple[str, int] | None = None, limit: int = PAGE
) -> tuple[Sequence[PriorityReview], tuple[str, int] | None]:
    """The priority children of a unit by the day of their next review, and the key of the next page."""
    actor.require(Permission.CHILD_CARE_READ, at=unit)
    day = func.coalesce(PriorityReview.review_on, FOREVER)
    query = (
        select(PriorityReview)
        .join(PriorityReview.child)
        .where(_live(unit, today()), Child.exited_on.is_(None))
        .options(contains_eager(PriorityReview.child), joinedload(PriorityReview.person))
    )
    if after is not None:
        query = query.where(tuple_(day, PriorityReview.id) > (date.fromisoformat(after[0]), after[1]))
    rows = db.session.scalars(query.order_by(day, PriorityReview.id).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    key = ((last.review_on or FOREVER).isoformat(), last.id) if last else None
    return rows[:limit], key


def due(unit: Unit, *, actor: Actor) -> ScalarSelect[int]:
    """Priority children of a unit whose review is due."""
    actor.require(Permission.CHILD_CARE_READ, at=unit)
    late = PriorityReview.review_on <= today()
    query = select(func.count()).select_from(PriorityReview).where(_live(unit, today()), late)
    return query.scalar_subquery()
