"""People: the one-time codes by which an account is activated."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.config import now
from portal.extensions import Model
from portal.tenancy.scoped import Secret


class Activation(Secret, Model):
    """One printed code. Only its hash is kept, and only the newest code of an account counts."""

    __tablename__ = "activation"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    resets_second: Mapped[bool] = mapped_column(default=False)
    """The authenticator is lost as well: using the code forgets the second factor."""
    used_at: Mapped[datetime | None]
