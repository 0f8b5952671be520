"""Column shapes that every floor above shares: stored terms, open ends, random ids."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Enum, Uuid
from sqlalchemy.orm import mapped_column

FOREVER = date(9999, 12, 31)
"""The end of what has no end yet: a real date, so that "live on a day" stays a plain range."""


def term_column(term: type[StrEnum], *, nullable: bool = False, **options: Any) -> Any:
    """A column that stores a term's value as text on both engines."""
    kind = Enum(
        term,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
    return mapped_column(kind, nullable=nullable, **options)


def public_id_column() -> Any:
    """A random id for URLs: 122 bits, says nothing of order or number."""
    return mapped_column(Uuid, default=uuid.uuid4, unique=True)


def until_column() -> Any:
    """An exclusive end date, FOREVER while open."""
    return mapped_column(Date, default=FOREVER)
