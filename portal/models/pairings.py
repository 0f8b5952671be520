"""Pairings (结对帮扶): which adult helps which child, and which pupils help each other (S19–S27)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, declared_attr, foreign, mapped_column, relationship, remote

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.models.children.classes import CLASS_KEY, SchoolClass
from portal.tenancy.columns import FOREVER, public_id_column, term_column, until_column
from portal.tenancy.scoped import CASCADING, AboutChild, Counted, Sight, UnitScoped
from portal.terms import (
    BuddyKind,
    DutyPackage,
    HelperRank,
    LocalLabel,
    PairingEnd,
    PairingKind,
    PairingReason,
    PairingState,
)


class Arranged:
    """What is arranged between a helper and a child: of a pairing, and of one that waits for its second yes."""

    kind: Mapped[PairingKind] = term_column(PairingKind)
    starts_on: Mapped[date]
    ends_on: Mapped[date] = until_column()
    reason: Mapped[PairingReason | None] = term_column(PairingReason, nullable=True)
    helper_rank: Mapped[HelperRank | None] = term_column(HelperRank, nullable=True)
    local_label: Mapped[LocalLabel | None] = term_column(LocalLabel, nullable=True)
    package: Mapped[DutyPackage | None] = term_column(DutyPackage, nullable=True)
    goals: Mapped[str] = mapped_column(String(300), default="", server_default="")
    times: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """When they meet, in words (明确帮扶时间, D3-1)."""
    content: Mapped[str] = mapped_column(String(300), default="", server_default="")
    beyond: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Why the helper takes one child more than the county's limit; empty within it."""
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)

    helper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("pairing.id"))
    """The pairing that this one goes on for: its days and its visits stay the earlier helper's."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    @declared_attr
    def helper(cls) -> Mapped[Person]:
        column: Any = cls.helper_id
        return relationship(Person, foreign_keys=[column])

    @property
    def last_day(self) -> date | None:
        """The agreed day on which it ends; None while it is open."""
        return None if self.ends_on == FOREVER else self.ends_on


class Pairing(Arranged, AboutChild, Counted, Model):
    """One helper and one child. `stat_unit` is the unit that arranged it: her visits count there.

    A volunteer sees the child exactly while `starts_on` ≤ today < `ends_on`.
    """

    __tablename__ = "pairing"
    __extra_args__ = (
        Counted.stat_key(),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index("ix_pairing_helper", "helper_id", "county_id", "starts_on"),
        Index("ix_pairing_stat_unit", "stat_unit_id", "ends_on"),
        Index("ix_pairing_sides", "county_id", "v_unit_id", "s_unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    end_reason: Mapped[PairingEnd | None] = term_column(PairingEnd, nullable=True)
    end_note: Mapped[str] = mapped_column(String(200), default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """The second person who said yes, where two must."""
    knows_child_on: Mapped[date | None]
    knows_guardian_on: Mapped[date | None]
    knows_parents_on: Mapped[date | None]
    """三知 (D3-1): since when the helper knows the child, the guardian, and where the parents are."""

    teacher_writes = True
    volunteer_columns = (
        "helper_id", "kind", "starts_on", "ends_on", "end_reason", "local_label", "package", "goals", "times",
        "content",
    )  # fmt: skip

    needs_yes: ClassVar[bool] = False

    def is_live_on(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.helper_id == person_id


class PairingProposal(Arranged, AboutChild, Counted, Model):
    """A pairing that one person of the unit has arranged and another one has to agree to; it opens nothing."""

    __tablename__ = "pairing_proposal"
    __extra_args__ = (
        Counted.stat_key(),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        Index("ix_pairing_proposal_stat_unit", "stat_unit_id", "state"),
        Index("ix_pairing_proposal_helper", "helper_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    state: Mapped[PairingState] = term_column(PairingState, default=PairingState.OPEN)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(String(200), default="")

    needs_yes: ClassVar[bool] = True
    """Somebody else has to agree before it is a pairing."""


class PairingReview(AboutChild, Model):
    """阶段性效果 (D3-1): what a pairing has brought so far, as the school or village sees it."""

    __tablename__ = "pairing_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id", ondelete="CASCADE"), index=True)
    made_on: Mapped[date]
    effect: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(Person)


class PeerBuddy(AboutChild, Model):
    """Another pupil who helps the child (S25). `buddy_id` where she has a file herself, else only her name."""

    __tablename__ = "peer_buddy"
    __extra_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index("ix_peer_buddy_buddy_id", "buddy_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[BuddyKind] = term_column(BuddyKind)
    buddy_id: Mapped[int | None] = mapped_column(ForeignKey("child.id", ondelete="CASCADE"))
    buddy_name: Mapped[str] = mapped_column(String(40), default="")
    task: Mapped[str] = mapped_column(String(100), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date] = until_column()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    teacher_writes = True

    def is_live_on(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on


class ClassCareRep(UnitScoped, Model):
    """班级关爱委员 (S26): the pupil of a class who tells the class teacher when a classmate needs somebody."""

    __tablename__ = "class_care_rep"
    __extra_args__ = (
        ForeignKeyConstraint(["class_id", "unit_id", "township_id", "county_id"], CLASS_KEY, **CASCADING),
        CheckConstraint("until >= since", name="ends_after_start"),
        Index("ix_class_care_rep_unit_id", "unit_id"),
        Index("ix_class_care_rep_class_id", "class_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    class_id: Mapped[int] = mapped_column()
    pupil: Mapped[str] = mapped_column(String(40))
    duty: Mapped[str] = mapped_column(String(100), default="")
    since: Mapped[date]
    until: Mapped[date] = until_column()

    school_class: Mapped[SchoolClass] = relationship(
        primaryjoin=lambda: foreign(ClassCareRep.class_id) == remote(SchoolClass.id), viewonly=True
    )

    teacher_sees = Sight.PUPILS
    teacher_writes = True
