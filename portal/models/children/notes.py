"""Sensitive notes of a child, sealed word for word."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.config import now
from portal.extensions import Model
from portal.tenancy.columns import public_id_column, term_column, until_column
from portal.tenancy.roles import Role
from portal.tenancy.scoped import AboutChild
from portal.tenancy.sealed import SealedText
from portal.terms import NoteKind

if TYPE_CHECKING:
    from portal.models.children.file import Child


class ChildNote(AboutChild, Model):
    """健康、心理、家庭变故、残疾: what is most sensitive about a child, sealed word for word (S4).

    Nothing is overwritten: a note that no longer holds is ended, another one begins. `summary` and
    `how_to_help` are for those who are with the child every day, `text` for those who ask with a reason;
    volunteers and the county see none of it (portal/tenancy/masks.py).
    """

    __tablename__ = "child_note"
    teacher_writes = True
    __extra_args__ = (
        CheckConstraint("until >= since", name="ends_after_start"),
        Index("ix_child_note_author_id", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id = public_id_column()
    kind: Mapped[NoteKind] = term_column(NoteKind)
    from_roster: Mapped[bool] = mapped_column(default=False)
    """Taken from the 健康状况 column; the next roster may end it."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who wrote it; none where a roster says it. She may read her own words again."""
    author_role: Mapped[Role | None] = term_column(Role, nullable=True)
    written_at: Mapped[datetime] = mapped_column(default=now)
    summary_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    how_to_help_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    text_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    since: Mapped[date]
    until: Mapped[date] = until_column()

    child: Mapped[Child] = relationship(back_populates="notes")

    summary = SealedText("summary_sealed")
    how_to_help = SealedText("how_to_help_sealed")
    text = SealedText("text_sealed")
