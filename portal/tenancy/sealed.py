"""Fields that are kept sealed. Reading the attribute opens it, setting it seals it; a list never does either.

    id_no_sealed = mapped_column(deferred=True)
    id_no = SealedText("id_no_sealed")

The column itself stays a deferred blob, so that a query for many rows does not even fetch it. The place
that is sealed along is `<table>.<field>|<public id>`.
"""

from __future__ import annotations

import uuid
from typing import Any

from portal.tenancy.keys import keyring

SEALED: list[tuple[type[Any], SealedBytes]] = []
"""Every sealed field of every mapped class: what `flask keys rotate` seals anew."""


class SealedBytes:
    """A field of bytes in `column`. Raises SealBroken on reading what was changed, moved or lost its key."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name
        SEALED.append((owner, self))

    def place_of(self, row: Any) -> str:
        """What is sealed along: table, field and row."""
        return f"{row.__tablename__}.{self.name}|{row.public_id}"

    def __get__(self, row: Any, owner: type[Any]) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        if sealed is None:
            return None
        return keyring.unseal(sealed, county_id=_county_of(row), place=self.place_of(row))

    def __set__(self, row: Any, value: str | bytes | None) -> None:
        if row.public_id is None:
            row.public_id = uuid.uuid4()
        setattr(row, self.column, None if value is None else self.reseal(row, value))

    def reseal(self, row: Any, value: str | bytes) -> bytes:
        """The text under today's key and algorithm."""
        return keyring.seal(value, county_id=_county_of(row), place=self.place_of(row))


class SealedText(SealedBytes):
    """The same for text; an empty text is none."""

    def __get__(self, row: Any, owner: type[Any]) -> Any:
        value = super().__get__(row, owner)
        return value.decode() if isinstance(value, bytes) else value

    def __set__(self, row: Any, value: str | bytes | None) -> None:
        super().__set__(row, value or None)


def _county_of(row: Any) -> int:
    """The county of a row, also before its first flush."""
    for near in (row, getattr(row, "child", None), getattr(row, "unit", None)):
        if near is not None and near.county_id:
            return int(near.county_id)
    raise ValueError("a sealed field needs the county of its row first")
