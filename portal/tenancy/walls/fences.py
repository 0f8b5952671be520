"""What each table lets each level read and write: declared once, compiled to the walls of both databases.

A rule is SQL over one row. `{row}` stands before its columns, `{scope}`, `{county}`, `{day}` and
`{membership}` for the values of the transaction, `{db}` before the tables it looks into.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import Table, literal_column, text

from portal.extensions import Model, db
from portal.tenancy.scoped import (
    STAMPS,
    AboutChild,
    BetweenUnits,
    ChildScoped,
    Counted,
    CountyScoped,
    Secret,
    Sight,
    Walled,
)
from portal.tenancy.units import Unit

STAFF = ("county", "township", "unit")
LEVELS = (*STAFF, "class", "volunteer")
"""The levels of people. Beside them stand `system`, `recompute` and `backup`, which nobody signs in to."""

Rules = Mapping[str, str]
"""Level → rule."""

COUNTY = "{row}county_id = {county}"
SCOPED = "{row}unit_id = {scope}"
PAIRED = (
    "SELECT p.child_id FROM {db}pairing AS p WHERE p.helper_id = {scope}"
    " AND p.starts_on <= {day} AND p.ends_on > {day}"
)
HELD = (
    "SELECT t.class_id FROM {db}class_post AS t WHERE t.membership_id = {membership}"
    " AND t.unit_id = {scope} AND t.since <= {day} AND t.until > {day}"
)
TAUGHT = f"SELECT c.id FROM {{db}}child AS c WHERE c.class_id IN ({HELD})"

KEYS = {"id", "public_id", "child_id", "unit_id", "township_id", *STAMPS}
KEYS |= {"stat_unit_id", "stat_township_id", "stat_county_id"}
"""Columns that only say which row it is and where it belongs: whoever sees the row sees them."""


@dataclass(frozen=True)
class Fence:
    """The rules of one table. A level that a mapping does not name may not do it at all."""

    table: str
    reads: Rules = field(default_factory=dict)
    inserts: Rules = field(default_factory=dict)
    updates: Rules = field(default_factory=dict)
    deletes: Rules = field(default_factory=dict)
    county: str = ""
    """What holds for every level of people besides its own rule; empty where a table has no county."""
    stays: str = ""
    """What a written row must fulfil besides: its figures are counted in the county too."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Level → the columns it reads, where it does not read all of them."""
    empty: tuple[str, ...] = LEVELS
    """Levels that may ask: where no rule lets them read, the answer is empty instead of an error."""

    def rules(self, act: str) -> Rules:
        """The rules of SELECT, INSERT, UPDATE or DELETE."""
        found: Rules = {
            "SELECT": self.reads, "INSERT": self.inserts, "UPDATE": self.updates, "DELETE": self.deletes
        }[act]  # fmt: skip
        return found


_ALL = {"system": "true"}
_SEEN = {"system": "true", "backup": "true"}

OPEN = {
    "alembic_version": Fence("alembic_version", reads=_SEEN, empty=()),
    "audit_head": Fence(
        "audit_head",
        reads={**dict.fromkeys(LEVELS, "{row}chain = {county}"), **_SEEN},
        updates={**dict.fromkeys(LEVELS, "{row}chain = {county}"), **_ALL},
    ),
    "reach": Fence(
        "reach", reads={**_SEEN, "recompute": "true"}, inserts={"recompute": "true"},
        updates={"recompute": "true"}, deletes={"recompute": "true"}, empty=(),
    ),
}  # fmt: skip
"""Tables that no scoped class maps, each with the least that works:

- `alembic_version`: the watchdog reads the revision as the system;
- `audit_head`: whoever commits an audit line moves the head of her county's chain;
- `reach`: kept by triggers, which run as the owner; the recompute reads and rebuilds it.
"""

_BEGINS = {"township": "{row}from_town_id = {scope}", "unit": "{row}from_unit_id = {scope}"}
"""An act between two units begins at the one that acts."""

COUNTED_FROM = ("school_class", "standing", "visit")
"""The facts that the recompute reads."""


@lru_cache(maxsize=1)
def fences() -> dict[str, Fence]:
    """Every table's fence by name. Raises LookupError for a table that nobody has said anything about."""
    found = {name: OPEN[name] for name in OPEN}
    for mapper in Model.registry.mappers:
        cls, table = mapper.class_, mapper.local_table
        assert isinstance(table, Table)
        if issubclass(cls, Walled):
            found[table.name] = _walled(cls, table)
        elif issubclass(cls, Secret):
            found[table.name] = _secret(table)
        elif cls is Unit:
            found[table.name] = _tree()
    unsaid = set(db.metadata.tables) - set(found)
    if unsaid:
        raise LookupError(f"no wall is declared for {', '.join(sorted(unsaid))}")
    return found


def _walled(cls: type[Walled], table: Table) -> Fence:
    reads = {**_staff_reads(cls), **_seldom_reads(cls), **_SEEN}
    if cls.kept_by_triggers or table.name in COUNTED_FROM:
        reads["recompute"] = "true"
    if cls.kept_by_triggers:
        rebuilt = {"recompute": "true"}
        return Fence(table.name, reads, rebuilt, rebuilt, rebuilt, county=COUNTY)
    writes = {**_staff_reads(cls), **_seldom_writes(cls, reads), **_ALL}
    if issubclass(cls, Secret):
        reads = {**_SEEN}
        writes = {**{level: rule for level, rule in writes.items() if level in STAFF}, **_ALL}
    changes = _ALL if issubclass(cls, Secret) else writes
    bare = {"volunteer"} if cls.teacher_removes else {"class", "volunteer"}
    pens = {level: rule for level, rule in changes.items() if level not in bare}
    return Fence(
        table.name,
        reads,
        {**writes, **_BEGINS} if issubclass(cls, BetweenUnits) else writes,
        {} if cls.append_only else changes,
        {} if cls.append_only else pens,
        county=COUNTY,
        stays="{row}stat_county_id = {county}" if issubclass(cls, Counted) else "",
        columns=_columns(cls, table),
    )


def _columns(cls: type[Walled], table: Table) -> dict[str, tuple[str, ...]]:
    shown = cls.volunteer_columns
    if shown is None:
        return {}
    return {"volunteer": tuple(one.name for one in table.c if one.name in KEYS or one.name in shown)}


def _secret(table: Table) -> Fence:
    """Staff add a row in the transaction of their act; reading and changing is the system's."""
    return Fence(
        table.name,
        _SEEN,
        {**dict.fromkeys(STAFF, "{county} IS NOT NULL"), **_ALL},
        _ALL,
        _ALL,
    )


def _tree() -> Fence:
    """Everybody on duty knows the units of her county. The county writes them, a township those below it."""
    below = "{row}township_id = {scope} AND {row}id <> {scope}"
    writes = {"county": COUNTY, "township": below, **_ALL}
    reads = {**dict.fromkeys(LEVELS, COUNTY), **_SEEN, "recompute": "true"}
    return Fence("unit", reads, writes, writes, {"county": COUNTY, **_ALL}, county=COUNTY)


def _staff_reads(cls: type[Walled]) -> dict[str, str]:
    if issubclass(cls, CountyScoped):
        return dict.fromkeys(STAFF, COUNTY)
    if issubclass(cls, ChildScoped):
        return {"county": COUNTY, "township": _either("vs", "town_id"), "unit": _either("vs", "unit_id")}
    if issubclass(cls, BetweenUnits):
        ends = ("from", "to")
        return {"county": COUNTY, "township": _either(ends, "town_id"), "unit": _either(ends, "unit_id")}
    return {"county": COUNTY, "township": "{row}township_id = {scope}", "unit": SCOPED}


def _either(sides: Sequence[str], stamp: str) -> str:
    """One side or the other. COALESCE hides the OR from PostgreSQL's planner (docs/adr/0007)."""
    one, other = (f"{{row}}{side}_{stamp} = {{scope}}" for side in sides)
    return f"COALESCE({one} OR {other}, false)"


def _seldom_reads(cls: type[Walled]) -> dict[str, str]:
    """What a class teacher and a volunteer see."""
    about = "{row}child_id IN (" + TAUGHT + ")" if issubclass(cls, AboutChild) else ""
    taught = {
        Sight.COUNTY: COUNTY, Sight.SCHOOL: SCOPED, Sight.PUPILS: about or f"{{row}}class_id IN ({HELD})"
    }  # fmt: skip
    found = {"class": taught[cls.teacher_sees]} if cls.teacher_sees in taught else {}
    own = _volunteer_sees(cls)
    return {**found, "volunteer": own} if own else found


def _volunteer_sees(cls: type[Walled]) -> str:
    """`volunteer_sees` as a rule."""
    if "volunteer_sees" not in {name for base in cls.__mro__ if base is not Walled for name in vars(base)}:
        return ""
    sees = cls.volunteer_sees(person_id=literal_column("{scope}"), paired=text(PAIRED))  # type: ignore[arg-type]
    table = cls.__table__.name  # type: ignore[attr-defined]
    return re.sub(rf"\b{table}\.", "{row}", " ".join(str(sees).split()))


def _seldom_writes(cls: type[Walled], reads: Rules) -> dict[str, str]:
    """What a class teacher and a volunteer add and change: what they see, or a line of their own unit."""
    found = {}
    if cls.teacher_writes:
        found["class"] = reads.get("class", SCOPED)
    if cls.volunteer_writes:
        found["volunteer"] = reads.get("volunteer", COUNTY)
    return found
