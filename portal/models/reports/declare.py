"""How a roll-up is declared: once, as `Additive` or `Presence`; everything else is compiled from it.

Expressions are SQL over one row of the fact, whose columns are written `{r}name`; `YM(…)` is the month
of a date as 202506. `compile.py` turns a declaration into triggers for either engine, into the recompute
query and into the check that compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import mapped_column

from portal.extensions import Model
from portal.tenancy.scoped import HasUnitScope, Sight

STAT = ("stat_unit_id", "stat_township_id", "stat_county_id")
HOLDER = ("level", "unit_id", "township_id", "county_id")
_COLUMN = re.compile(r"\{r\}(\w+)")


@dataclass(frozen=True)
class Entry:
    """One way in which a row of the fact enters a cell: its month key, what it adds, and when."""

    keys: Mapping[str, str]
    sums: Mapping[str, str]
    where: str = "1 = 1"


class Cell(HasUnitScope):
    """A cell holds sums of one unit (`level` unit) or one township (`level` township, `unit_id` its id).

    County figures are summed from the township rows at read: a county row would be a hot row.
    """

    teacher_sees = Sight.SCHOOL
    kept_by_triggers = True


@dataclass(frozen=True)
class Additive:
    """Sums that add up over units and months. `mapped` is the ORM class of its cells."""

    name: str
    fact: str
    keys: Mapping[str, Any]
    """Key column → type, beyond the holder."""
    entries: Sequence[Entry]
    stat: tuple[str, str, str] = STAT
    """The fact's columns that say where it counts."""
    mapped: type = field(init=False, compare=False)

    def __post_init__(self) -> None:
        columns: dict[str, Any] = {
            "level": mapped_column(String(8), primary_key=True),
            "unit_id": mapped_column(Integer, primary_key=True, autoincrement=False),
            "township_id": mapped_column(Integer, primary_key=True, autoincrement=False),
            "county_id": mapped_column(Integer, primary_key=True, autoincrement=False),
        }
        for key, kind in self.keys.items():
            columns[key] = mapped_column(kind, primary_key=True, autoincrement=False)
        for name in self.sums:
            columns[name] = mapped_column(BigInteger, default=0, server_default="0")
        title = "".join(word.title() for word in self.name.split("_"))
        body = {"__tablename__": self.name, "__doc__": Cell.__doc__, "__module__": __name__, **columns}
        object.__setattr__(self, "mapped", type(title, (Cell, Model), body))

    @property
    def sums(self) -> list[str]:
        """Every summed column of all entries, in order of first mention."""
        return list(dict.fromkeys(name for entry in self.entries for name in entry.sums))

    @property
    def read_columns(self) -> list[str]:
        """The fact's columns whose change can change a cell."""
        texts = [t for e in self.entries for t in (*e.keys.values(), *e.sums.values(), e.where)]
        named = [name for text in texts for name in _COLUMN.findall(text)]
        return list(dict.fromkeys([*self.stat, *named]))


@dataclass(frozen=True)
class Measure:
    """One distinct count: which rows count, and over which kinds of period."""

    name: str
    where: str
    periods: str
    """Letters of M month, T term, S school year, H half year, Y year."""


@dataclass(frozen=True)
class Presence:
    """One row per entity, measure and period in which it was reached at least once.

    The row stands at the unit of the first act (smallest id), so distinct counts add up over units
    without counting anybody twice. It is itself the fact of an Additive.
    """

    name: str
    fact: str
    entity: str
    day: str
    measures: Sequence[Measure]

    @property
    def read_columns(self) -> list[str]:
        """The fact's columns whose change can change presence."""
        named = [n for measure in self.measures for n in _COLUMN.findall(measure.where)]
        return list(dict.fromkeys([self.entity, self.day, *STAT, *named]))
