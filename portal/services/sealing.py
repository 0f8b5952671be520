"""Sealing anew: after a change of key or algorithm every sealed field is brought under today's, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from portal.models.children import Child, IdentityClaim
from portal.services import audit
from portal.tenancy.keys import keyring
from portal.tenancy.sealed import SEALED, SealedBytes
from portal.tenancy.units import Unit

CHUNK = 200
"""Rows sealed anew between two commits: a rotation that is broken off goes on where it stood."""

AfterChunk = Callable[[str, int, int], None]
"""Told the field, the last row's id and how many were sealed anew; the caller commits there."""


def list_waiting(session: Session) -> dict[str, int]:
    """Per field (`child.id_no`) how many rows are not under today's key and algorithm."""
    found = {}
    for cls, field in SEALED:
        column = getattr(cls, field.column)
        heads = session.execute(select(column).where(column.is_not(None)).execution_options(yield_per=1000))
        found[f"{cls.__tablename__}.{field.name}"] = sum(not _is_current(sealed) for (sealed,) in heads)
    return found


def rotate(session: Session, *, after_chunk: AfterChunk) -> int:
    """Seal every field anew, and index every ID number anew, that is not so yet; how many fields.

    For a system session; one audit line per county and chunk, and the caller commits each chunk. The old
    key must still be there: raises SealBroken at the first field that does not open.
    """
    done = 0
    for cls, field in SEALED:
        last = 0
        while rows := session.scalars(_next(cls, field, last)).all():
            last = rows[-1].id
            counted = Counter(row.county_id for row in rows if _reseal(session, cls, field, row))
            for county_id, number in sorted(counted.items()):
                county = session.get_one(Unit, county_id)
                audit.record_system(session, "keys:field:rotate", at=county, details={"done": number})
            done += counted.total()
            after_chunk(f"{cls.__tablename__}.{field.name}", last, counted.total())
            session.expunge_all()
    return done


def _next(cls: type[Any], field: SealedBytes, last: int) -> Any:
    column = getattr(cls, field.column)
    rows = select(cls).where(column.is_not(None), cls.id > last).order_by(cls.id).limit(CHUNK)
    return rows.options(undefer(column))


def _reseal(session: Session, cls: type[Any], field: SealedBytes, row: Any) -> bool:
    """Whether anything had to change. The row's version and its day of change stay: nobody edited it."""
    values: dict[str, Any] = {}
    words = None
    if not _is_current(getattr(row, field.column)):
        words = getattr(row, field.name)
        values[field.column] = field.reseal(row, words)
    if cls is Child and (index := _index_of(row, words)) != row.id_no_index:
        values["id_no_index"] = index
        claims = update(IdentityClaim).where(
            IdentityClaim.county_id == row.county_id, IdentityClaim.id_no_index == row.id_no_index
        )
        session.execute(claims.values(id_no_index=index))
    if values and hasattr(cls, "updated_at"):
        values["updated_at"] = cls.updated_at
    if values:
        session.execute(update(cls).where(cls.id == row.id).values(**values))
    return bool(values)


def _index_of(child: Child, words: str | None) -> str:
    return keyring.index(words or child.id_no, county_id=child.county_id)


def _is_current(sealed: bytes) -> bool:
    return sealed.startswith(keyring.head)
