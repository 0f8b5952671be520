"""Audit: what was done and who looked, in the transaction of the act, chained so that no line is lost.

A line belongs to its county's chain (chain 0: what belongs to no county) and is fixed when it is
written: no key to the tree, so that a unit that moves leaves its lines where they were written.
Triggers on both engines refuse UPDATE, DELETE and TRUNCATE (`audit_triggers`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.models.accounts import Person
from portal.tenancy.columns import term_column
from portal.tenancy.roles import Role
from portal.tenancy.scoped import AboutChild, Counted, HasUnitScope

PRUNED = "audit:lines:prune"
"""The action of a line that stands for the lines before it whose keeping time was over."""


class AuditEntry(HasUnitScope, Model):
    """One act at one unit: the link `seq` of the chain `county_id`.

    `subject` names a row by kind and random id, `details` holds codes, counts and case numbers; never the
    name of a child. `hash` is the keyed hash over the line and the link before (services/audit/chain).
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_county", "county_id", "at", "seq"),
        Index("ix_audit_entry_township", "township_id", "at", "seq"),
        Index("ix_audit_entry_unit", "unit_id", "at", "seq"),
        Index("ix_audit_entry_person", "person_id", "at"),
    )

    county_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column()
    """Real time of the commit, never before the link before."""
    user_id: Mapped[int | None]
    person_id: Mapped[int | None]
    role: Mapped[Role | None] = term_column(Role, nullable=True)
    from_unit_id: Mapped[int | None]
    """The unit for which the person acted; `unit_id` is where the act happened."""
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(80), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    hash: Mapped[str] = mapped_column(String(80))

    append_only = True
    volunteer_writes = True
    teacher_writes = True


_cuts = AuditEntry.action == PRUNED
Index(
    "ix_audit_entry_pruned", AuditEntry.county_id, AuditEntry.seq, sqlite_where=_cuts, postgresql_where=_cuts
)


class AuditHead(Model):
    """The last link of a chain. Whoever commits takes this row first, so that links follow one another.

    A trigger makes the row with its county; it only ever moves forward. It holds a number and a hash.
    """

    __tablename__ = "audit_head"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The county's id, or 0."""
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    hash: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime | None]


class FileLook(AboutChild, Counted, Model):
    """Who looked at a child's file, when and why: the page "who looked", which follows the child.

    The evidence is the audit line of the same transaction; this row is what both sides of the child may
    read. `stat_unit` is the unit for which the person looked.
    """

    __tablename__ = "file_look"
    __extra_args__ = (
        Counted.stat_key(),
        Index("ix_file_look_person", "person_id", "at"),
        Index("ix_file_look_stat_unit", "stat_unit_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = term_column(Role)
    action: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    person: Mapped[Person] = relationship(Person)

    append_only = True
    volunteer_writes = True
    teacher_writes = True

    @classmethod
    def volunteer_sees(cls, *, person_id: int, paired: Any) -> ColumnElement[bool]:
        return cls.person_id == person_id
