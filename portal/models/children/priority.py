"""Priority children (重点对象): the review that says so, and the plan that follows."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.tenancy.columns import public_id_column, term_column, terms_column, until_column
from portal.tenancy.scoped import AboutChild
from portal.tenancy.sealed import SealedText
from portal.terms import PlanKind, PlanOutcome, PriorityLevel, PriorityReason

if TYPE_CHECKING:
    from portal.models.children.file import Child


class PriorityReview(AboutChild, Model):
    """How closely a child must be looked after, from `since` until `until` (exclusive), and why.

    `by_rule` is what the rules say of the facts, `level` what the reviewer decided. A review without a
    reason takes the child off the list; each review ends the one before, nothing is overwritten.
    """

    __tablename__ = "priority_review"
    __extra_args__ = (
        CheckConstraint("until > since", name="ends_after_start"),
        Index("ix_priority_review_due", "county_id", "review_on"),
    )
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    since: Mapped[date]
    until: Mapped[date] = until_column()
    reasons: Mapped[tuple[PriorityReason, ...]] = terms_column(PriorityReason)
    by_rule: Mapped[PriorityLevel] = term_column(PriorityLevel)
    level: Mapped[PriorityLevel] = term_column(PriorityLevel)
    note: Mapped[str] = mapped_column(String(300), default="")
    review_on: Mapped[date | None]
    """When it must be looked at again."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person | None] = relationship(Person)
    child: Mapped[Child] = relationship(back_populates="reviews")

    @property
    def is_priority(self) -> bool:
        return bool(self.reasons)


class CarePlan(AboutChild, Model):
    """个别教育管理方案 / 重点对象方案: goals, steps, owner, reviews, outcome; its words are sealed."""

    __tablename__ = "care_plan"
    __extra_args__ = (CheckConstraint("closed_on >= opened_on", name="ends_after_start"),)
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[PlanKind] = term_column(PlanKind)
    goals_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    goals = SealedText("goals_sealed")
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_on: Mapped[date]
    review_on: Mapped[date]
    closed_on: Mapped[date | None]
    outcome: Mapped[PlanOutcome | None] = term_column(PlanOutcome, nullable=True)
    outcome_note_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    outcome_note = SealedText("outcome_note_sealed")
    written_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    owner: Mapped[Person] = relationship(Person)
    child: Mapped[Child] = relationship("Child")
    steps: Mapped[list[PlanStep]] = relationship(back_populates="plan", order_by="PlanStep.id")


class PlanStep(AboutChild, Model):
    """One step of a plan: what, by whom, until when, done or not."""

    __tablename__ = "plan_step"
    teacher_writes = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    plan_id: Mapped[int] = mapped_column(ForeignKey("care_plan.id", ondelete="CASCADE"), index=True)
    words_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    words = SealedText("words_sealed")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]

    plan: Mapped[CarePlan] = relationship(back_populates="steps")
    owner: Mapped[Person | None] = relationship(Person)
