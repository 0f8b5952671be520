"""Classes of a school: finding one by the words of a roster, and which teacher holds it from when to when."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.children import SchoolClass
from portal.tenancy.units import Unit
from portal.terms import UnitKind


@dataclass(frozen=True)
class Classes:
    """The live classes of one school by (grade, name); empty for a village."""

    by_name: dict[tuple[int, str], SchoolClass]

    def find(self, grade: int | None, name: str) -> SchoolClass | None:
        """The class a roster means by its grade (0 or none: kindergarten) and its name, if there is one."""
        return self.by_name.get((grade or 0, _folded(name)))


def classes_of(session: Session, unit: Unit, *, on: date) -> Classes:
    """The classes of `unit` that are live on a day; only a school has any."""
    if unit.kind is not UnitKind.SCHOOL:
        return Classes({})
    found = session.scalars(
        select(SchoolClass).where(
            SchoolClass.unit_id == unit.id, SchoolClass.since <= on, SchoolClass.until > on
        )
    )
    return Classes({(one.grade, _folded(one.name)): one for one in found})


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
