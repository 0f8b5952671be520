"""Priority children, alarms and plans of the demo county (domain H.1: 640 in hardship and 121 for other reasons).

The poor carry the subsistence allowance in their file; every child without a guardian is a priority child and
has an open alarm, at two of which nobody has acted yet (planted, rule V27).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.cli.seed.book import Book, stable_id, stream
from portal.cli.seed.children import Draft
from portal.cli.seed.people import Staff
from portal.cli.seed.records import ChildRef
from portal.models.children import Alarm, AlarmStep, CarePlan, PlanStep, PriorityReview
from portal.services.children.priority import REVIEW_AFTER, level_of
from portal.services.children.standing import PriorityFact
from portal.tenancy.columns import FOREVER
from portal.tenancy.keys import keyring
from portal.terms import (
    AlarmAct,
    AlarmKind,
    GuardianKind,
    PlanKind,
    PriorityLevel,
    PriorityReason,
)

STOCK, POOR, OTHERS = 4_780, 640, 121
"""The headline figures of the full county; the small one keeps their share."""
REVIEWED = date(2024, 9, 20)
"""When the school year's review of priority children was held."""
AS_OF = date(2025, 6, 30)
UNANSWERED = 2
RARE = (PriorityReason.BEHAVIOR, PriorityReason.MIND, PriorityReason.LOST_TOUCH)


@dataclass(frozen=True)
class Review:
    """What the review of a child says; a `PriorityFact` for her standing."""

    reasons: tuple[PriorityReason, ...]
    since: date = REVIEWED
    until: date = FOREVER
    is_priority: bool = True


@dataclass
class Attention:
    """Which drafts are priority children, and why."""

    reviews: dict[Draft, Review] = field(default_factory=dict)

    def of(self, draft: Draft) -> tuple[PriorityFact, ...]:
        return (self.reviews[draft],) if draft in self.reviews else ()

    def is_poor(self, draft: Draft) -> bool:
        return draft in self.reviews and PriorityReason.POOR in self.reviews[draft].reasons


def choose(drafts: Sequence[Draft]) -> Attention:
    """Choose the priority children of the stock: as many in hardship and for other reasons as H.1 says."""
    rng = stream("priority")
    stock = [one for one in drafts if one.leave is None]
    poor, others = round(len(stock) * POOR / STOCK), round(len(stock) * OTHERS / STOCK)
    without = [one for one in stock if one.guardian is GuardianKind.NONE]
    rest = [one for one in stock if one.guardian is not GuardianKind.NONE]
    rng.shuffle(rest)
    reasons: dict[Draft, tuple[PriorityReason, ...]] = dict.fromkeys(without, (PriorityReason.NO_GUARDIAN,))
    reasons |= dict.fromkeys(rest[:poor], (PriorityReason.POOR,))
    more = rest[poor : poor + others - len(without)]
    reasons |= {one: (rng.choices(RARE, (6, 3, 1))[0],) for one in more}
    return Attention({one: Review(chosen) for one, chosen in reasons.items()})


def add_care(book: Book, attention: Attention, staff: Staff, children: Iterable[ChildRef]) -> None:
    """The reviews of the chosen, the alarms of those without a guardian, a plan for some of them."""
    rng = stream("care")
    alarmed = 0
    for child in children:
        review = attention.reviews.get(child.draft)
        if review is None:
            continue
        director = staff.directors[child.draft.village].id
        _add_review(book, child, review, director, rng)
        if PriorityReason.NO_GUARDIAN in review.reasons:
            alarmed += 1
            _add_alarm(book, child, director, acted=alarmed > UNANSWERED)
        if child.draft.leave is None and PriorityReason.POOR not in review.reasons and rng.random() < 0.4:
            _add_plan(book, child, review, director, rng)


def _add_review(book: Book, child: ChildRef, review: Review, person: int, rng: random.Random) -> None:
    level = level_of(review.reasons)
    days = REVIEW_AFTER.get(level, REVIEW_AFTER[PriorityLevel.MIDDLE])
    book.add(
        PriorityReview, child.draft.key, **child.about,
        since=review.since, until=review.until, reasons=review.reasons, by_rule=level, level=level, note="",
        review_on=AS_OF + timedelta(days=rng.randint(-3, days)), person_id=person,
        written_at=_noon(review.since),
    )  # fmt: skip


def _add_alarm(book: Book, child: ChildRef, person: int, *, acted: bool) -> None:
    raised = max(care.since for care in child.family.cares if care.kind is GuardianKind.NONE)
    place = child.family.village
    alarm = book.add(
        Alarm, child.draft.key, **child.about, **place.stat, kind=AlarmKind.NO_GUARDIAN, raised_on=raised,
        closed_on=None,
    )  # fmt: skip
    if acted:
        written = max(raised, date(2025, 6, 12))
        book.add(
            AlarmStep, **child.about, alarm_id=alarm, act=AlarmAct.CARER_SOUGHT,
            note="已与父母通话，正在商量由亲属照护", due_on=AS_OF + timedelta(days=10), person_id=person,
            written_at=_noon(written),
        )  # fmt: skip


_PLANS: Mapping[PriorityReason, tuple[PlanKind, str, str]] = {
    PriorityReason.NO_GUARDIAN: (PlanKind.NO_GUARDIAN, "一个月内落实委托照护人", "联系父母，商定委托照护人"),
    PriorityReason.BEHAVIOR: (PlanKind.CONDUCT, "按时到校，放学按时回家", "每周谈心一次，请同伴结伴上学"),
    PriorityReason.MIND: (PlanKind.MIND, "愿意和老师同学说话", "每周陪伴一次，从画画开始"),
    PriorityReason.LOST_TOUCH: (PlanKind.OTHER, "与父母恢复联系", "向亲友打听父母近况"),
}


def _add_plan(book: Book, child: ChildRef, review: Review, person: int, rng: random.Random) -> None:
    kind, goals, step = _PLANS[review.reasons[0]]
    county = child.stamps["county_id"]
    plan = book.add(
        CarePlan, child.draft.key, **child.about, kind=kind, owner_id=person, opened_on=date(2025, 6, 5),
        goals_sealed=_sealed(CarePlan, "goals", child.draft.key, goals, county),
        review_on=AS_OF + timedelta(days=rng.randint(0, 20)), closed_on=None, outcome=None,
        written_at=_noon(date(2025, 6, 5)), version=1,
    )  # fmt: skip
    book.add(
        PlanStep, child.draft.key, **child.about, plan_id=plan, owner_id=person, due_on=date(2025, 7, 10),
        words_sealed=_sealed(PlanStep, "words", child.draft.key, step, county), done_on=None,
    )  # fmt: skip


def _sealed(model: type, field: str, key: str, words: str, county_id: int) -> bytes:
    table = model.__tablename__  # type: ignore[attr-defined]
    place = f"{table}.{field}|{stable_id(f'{table}/{key}')}"
    return keyring.seal(words, county_id=county_id, place=place)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4)
