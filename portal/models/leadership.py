"""Leadership (领导小组): groups and posts held over time, meetings with decisions, work plans with targets.

Every row belongs to the unit whose group it is; each level reads its own and, down the tree, those below.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.tenancy.columns import FOREVER, public_id_column, term_column, terms_column, until_column
from portal.tenancy.scoped import Sight, UnitScoped
from portal.terms import DutyArea, GroupEnd, GroupKind, Position, TaskState


class LeadershipGroup(UnitScoped, Model):
    """A group of one unit, from its founding document to its end; one of each kind at a time."""

    __tablename__ = "leadership_group"
    __extra_args__ = (
        CheckConstraint("until >= founded_on", name="ends_after_founding"),
        Index("ix_leadership_group_unit_id", "unit_id"),
        Index("ix_leadership_group_town", "township_id", "kind"),
    )
    teacher_sees = Sight.SCHOOL

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[GroupKind] = term_column(GroupKind)
    name: Mapped[str] = mapped_column(String(80))
    document_no: Mapped[str] = mapped_column(String(40), default="")
    """发文字号 of the founding document, with 〔〕; empty where there is none."""
    founded_on: Mapped[date]
    until: Mapped[date] = until_column()
    end_reason: Mapped[GroupEnd | None] = term_column(GroupEnd, nullable=True)


_active = LeadershipGroup.until == FOREVER
Index(
    "uq_leadership_group_active",
    LeadershipGroup.county_id,
    LeadershipGroup.unit_id,
    LeadershipGroup.kind,
    unique=True,
    sqlite_where=_active,
    postgresql_where=_active,
)


class MemberUnit(UnitScoped, Model):
    """成员单位 of a group: an office or bureau, which is no unit of the tree."""

    __tablename__ = "member_unit"
    __extra_args__ = (
        UniqueConstraint("county_id", "group_id", "name", "since"),
        CheckConstraint("until >= since", name="ends_after_start"),
        Index("ix_member_unit_unit_id", "unit_id"),
    )
    teacher_sees = Sight.SCHOOL

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    group_id: Mapped[int] = mapped_column(ForeignKey("leadership_group.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    since: Mapped[date]
    until: Mapped[date] = until_column()


class LeadershipPost(UnitScoped, Model):
    """Who held which post in a group, from when to when. Name and title stay as they were then."""

    __tablename__ = "leadership_post"
    __extra_args__ = (
        CheckConstraint("until >= since", name="ends_after_start"),
        Index("ix_leadership_post_unit_id", "unit_id"),
    )
    teacher_sees = Sight.SCHOOL

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    group_id: Mapped[int] = mapped_column(ForeignKey("leadership_group.id", ondelete="CASCADE"), index=True)
    position: Mapped[Position] = term_column(Position)
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(80), default="")
    """Her post at work (职务), as the list prints it."""
    phone: Mapped[str] = mapped_column(String(30), default="")
    member_unit_id: Mapped[int | None] = mapped_column(ForeignKey("member_unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The person of the county's records, where there is one."""
    duty_areas: Mapped[tuple[DutyArea, ...]] = terms_column(DutyArea)
    since: Mapped[date]
    until: Mapped[date] = until_column()

    group: Mapped[LeadershipGroup] = relationship(LeadershipGroup)
    member_unit: Mapped[MemberUnit | None] = relationship(MemberUnit)
    person: Mapped[Person | None] = relationship(Person)

    @property
    def work(self) -> str:
        """Where she works and as what, the member unit named once."""
        unit = self.member_unit.name if self.member_unit else ""
        return self.title if self.title.startswith(unit) else unit + self.title

    def is_held_on(self, day: date) -> bool:
        return self.since <= day < self.until


_heads = and_(LeadershipPost.until == FOREVER, LeadershipPost.position == Position.HEAD)
Index(
    "uq_leadership_post_head",
    LeadershipPost.county_id,
    LeadershipPost.group_id,
    unique=True,
    sqlite_where=_heads,
    postgresql_where=_heads,
)


class GroupMeeting(UnitScoped, Model):
    """A meeting of a group with its minutes (会议纪要)."""

    __tablename__ = "group_meeting"
    __extra_args__ = (Index("ix_group_meeting_unit_id", "unit_id", "held_on"),)
    teacher_sees = Sight.SCHOOL

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    group_id: Mapped[int] = mapped_column(ForeignKey("leadership_group.id", ondelete="CASCADE"), index=True)
    held_on: Mapped[date]
    topic: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(60), default="")
    chair: Mapped[str] = mapped_column(String(40), default="")
    present: Mapped[int | None]
    """How many came."""
    minutes: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who wrote it down."""
    written_at: Mapped[datetime] = mapped_column(default=now)

    group: Mapped[LeadershipGroup] = relationship(LeadershipGroup)
    decisions: Mapped[list[GroupDecision]] = relationship(
        back_populates="meeting", order_by="GroupDecision.id", cascade="all, delete-orphan"
    )


class Task:
    """What a decision, an item of a plan and a target share: who, until when, how far."""

    what: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(40), default="")
    due_on: Mapped[date]
    state: Mapped[TaskState] = term_column(TaskState, default=TaskState.OPEN)
    result: Mapped[str] = mapped_column(String(200), default="")
    settled_on: Mapped[date | None]

    def is_late_on(self, day: date) -> bool:
        return self.state is TaskState.OPEN and self.due_on < day


class GroupDecision(Task, UnitScoped, Model):
    """决定事项 of a meeting."""

    __tablename__ = "group_decision"
    __extra_args__ = (Index("ix_group_decision_unit_id", "unit_id", "state", "due_on"),)
    teacher_sees = Sight.SCHOOL

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    meeting_id: Mapped[int] = mapped_column(ForeignKey("group_meeting.id", ondelete="CASCADE"), index=True)

    meeting: Mapped[GroupMeeting] = relationship(GroupMeeting, back_populates="decisions")


class WorkPlan(UnitScoped, Model):
    """工作计划 of a unit for a term, a school year or a year; filed when it is settled."""

    __tablename__ = "work_plan"
    __extra_args__ = (
        UniqueConstraint("county_id", "unit_id", "period"),
        Index("ix_work_plan_unit_id", "unit_id"),
        Index("ix_work_plan_town", "township_id", "period"),
    )
    teacher_sees = Sight.SCHOOL

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    period: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(80))
    goals: Mapped[str] = mapped_column(Text, default="")
    filed_on: Mapped[date | None]

    items: Mapped[list[WorkPlanItem]] = relationship(
        back_populates="plan", order_by="WorkPlanItem.due_on, WorkPlanItem.id", cascade="all, delete-orphan"
    )
    targets: Mapped[list[WorkTarget]] = relationship(
        back_populates="plan", order_by="WorkTarget.id", cascade="all, delete-orphan"
    )


class WorkPlanItem(Task, UnitScoped, Model):
    """What a plan means to do, in which month; due on the last day of that month."""

    __tablename__ = "work_plan_item"
    __extra_args__ = (Index("ix_work_plan_item_unit_id", "unit_id", "state", "due_on"),)
    teacher_sees = Sight.SCHOOL

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    plan_id: Mapped[int] = mapped_column(ForeignKey("work_plan.id", ondelete="CASCADE"), index=True)

    plan: Mapped[WorkPlan] = relationship(WorkPlan, back_populates="items")


class WorkTarget(Task, UnitScoped, Model):
    """目标责任制 (S04): a value that somebody answers for; of an indicator, where one counts it."""

    __tablename__ = "work_target"
    __extra_args__ = (Index("ix_work_target_unit_id", "unit_id"),)
    teacher_sees = Sight.SCHOOL

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    plan_id: Mapped[int] = mapped_column(ForeignKey("work_plan.id", ondelete="CASCADE"), index=True)
    indicator: Mapped[str] = mapped_column(String(32), default="")
    """Its code; empty for a target that no indicator counts."""
    value: Mapped[float | None]
    """In the indicator's measure."""

    plan: Mapped[WorkPlan] = relationship(WorkPlan, back_populates="targets")
