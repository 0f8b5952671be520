"""Column shapes that every floor above shares: stored terms, open ends, random ids."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Dialect, Enum, String, TypeDecorator, Uuid
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


class TermsType(TypeDecorator[tuple[StrEnum, ...]]):
    """Several terms of one kind as text, in the order of the kind: `farming,relief`."""

    impl = String
    cache_ok = True

    def __init__(self, term: type[StrEnum], length: int = 160) -> None:
        super().__init__(length)
        self.term = term

    def process_bind_param(self, value: tuple[StrEnum, ...] | None, dialect: Dialect) -> str:
        chosen = set(value or ())
        return ",".join(member.value for member in self.term if member in chosen)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[StrEnum, ...]:
        return tuple(self.term(word) for word in (value or "").split(",") if word)


def terms_column(term: type[StrEnum], *, length: int = 160) -> Any:
    """A column of several terms; none is an empty text."""
    return mapped_column(TermsType(term, length), default=(), server_default="")


def public_id_column() -> Any:
    """A random id for URLs: 122 bits, says nothing of order or number."""
    return mapped_column(Uuid, default=uuid.uuid4, unique=True)


def until_column() -> Any:
    """An exclusive end date, FOREVER while open."""
    return mapped_column(Date, default=FOREVER)
