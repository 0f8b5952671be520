"""Compiles declarations to SQL: the expressions and queries that both engines share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from portal.models.reports.declare import HOLDER, STAT, Additive, Entry, Presence

LEVELS = "(SELECT 'unit' AS level UNION ALL SELECT 'township' AS level) AS l"

_MONTH = {
    "sqlite": r"CAST(strftime('%Y%m', \1) AS INTEGER)",
    "postgresql": r"(EXTRACT(YEAR FROM \1)::int * 100 + EXTRACT(MONTH FROM \1)::int)",
}
_PERIOD_NO = {
    "M": "{ym}",
    "T": "CASE WHEN {m} >= 9 THEN {y} * 10 + 1 WHEN {m} = 1 THEN ({y} - 1) * 10 + 1"
    " ELSE ({y} - 1) * 10 + 2 END",
    "S": "CASE WHEN {m} >= 9 THEN {y} ELSE {y} - 1 END",
    "H": "{y} * 10 + CASE WHEN {m} <= 6 THEN 1 ELSE 2 END",
    "Y": "{y}",
}
"""Period numbers: month 202506, term 20242 (school year 2024, term 2), school year 2024, half 20251, year."""


def sql(expression: str, row: str, dialect: str) -> str:
    """An expression over one row as SQL: `row` is NEW, OLD or an alias."""
    return re.sub(r"YM\(([^)]*)\)", _MONTH[dialect], expression.replace("{r}", f"{row}."))


def period_no(kind: str, day: str, row: str, dialect: str) -> str:
    """The number of the period of `kind` that holds the row's day."""
    ym = sql(f"YM({{r}}{day})", row, dialect)
    return _PERIOD_NO[kind].format(ym=ym, y=f"({ym} / 100)", m=f"({ym} % 100)")


def columns(additive: Additive, entry: Entry) -> list[str]:
    """The cell columns one entry writes, holder first."""
    return [*HOLDER, *additive.keys, *entry.sums]


def holder(additive: Additive, row: str) -> list[str]:
    """The four holder expressions for a row, per level `l`."""
    unit, township, county = (f"{row}.{name}" for name in additive.stat)
    return ["l.level", f"CASE l.level WHEN 'unit' THEN {unit} ELSE {township} END", township, county]


def upsert(additive: Additive, entry: Entry) -> str:
    """The ON CONFLICT tail that adds to an existing cell."""
    keys = ", ".join([*HOLDER, *additive.keys])
    adds = ", ".join(f"{name} = {additive.name}.{name} + excluded.{name}" for name in entry.sums)
    return f"ON CONFLICT ({keys}) DO UPDATE SET {adds}"


def expected(additive: Additive, dialect: str) -> str:
    """What the cells of one county (`:county`) must hold, from the facts alone, zero rows left out."""
    parts = []
    for entry in additive.entries:
        keys = [sql(entry.keys[key], "r", dialect) for key in additive.keys]
        sums = [sql(entry.sums.get(name, "0"), "r", dialect) for name in additive.sums]
        named = zip([*HOLDER, *additive.keys, *additive.sums],
                    [*holder(additive, "r"), *keys, *sums], strict=True)  # fmt: skip
        fields = ", ".join(f"{expression} AS {name}" for name, expression in named)
        where = sql(entry.where, "r", dialect)
        parts.append(
            f"SELECT {fields} FROM {additive.fact} AS r CROSS JOIN {LEVELS}"
            f" WHERE {where} AND r.{additive.stat[2]} = :county"
        )
    return _grouped(additive, " UNION ALL ".join(parts))


def stored(additive: Additive) -> str:
    """What the cells of one county (`:county`) hold, zero rows left out, shaped like `expected`."""
    names = ", ".join([*HOLDER, *additive.keys, *additive.sums])
    return _grouped(additive, f"SELECT {names} FROM {additive.name} WHERE county_id = :county")


def _grouped(additive: Additive, source: str) -> str:
    keys = ", ".join([*HOLDER, *additive.keys])
    sums = ", ".join(f"SUM({name}) AS {name}" for name in additive.sums)
    some = " OR ".join(f"SUM({name}) <> 0" for name in additive.sums)
    return f"SELECT {keys}, {sums} FROM ({source}) AS f GROUP BY {keys} HAVING {some}"


def presence_rows(
    presence: Presence, row: str, dialect: str, *, source: str = "", only: str = "1 = 1"
) -> str:
    """The presence rows that fact rows stand for, as a UNION ALL over measures and kinds of period."""
    parts = []
    for measure in presence.measures:
        for kind in measure.periods:
            fields = (
                f"{row}.{presence.entity} AS entity, '{measure.name}' AS measure, '{kind}' AS period_kind,"
                f" {period_no(kind, presence.day, row, dialect)} AS period_no, {row}.id AS fact_id, "
                + ", ".join(f"{row}.{name} AS {name}" for name in STAT)
            )
            parts.append(f"SELECT {fields}{source} WHERE {only} AND {sql(measure.where, row, dialect)}")
    return " UNION ALL ".join(parts)


def presence_grouped(presence: Presence, rows: str, only: str = "1 = 1") -> str:
    """Presence rows folded to one per entity, measure and period, standing at the first act's unit."""
    first = ", ".join(f"w.{name} AS {name}" for name in STAT)
    keys = "entity, measure, period_kind, period_no"
    same = " AND ".join(f"w.{key} = g.{key}" for key in keys.split(", "))
    return (
        f"WITH p AS ({rows}), g AS (SELECT {keys}, COUNT(*) AS n, MIN(fact_id) AS first_id FROM p"
        f" WHERE {only} GROUP BY {keys}) SELECT g.entity, g.measure, g.period_kind, g.period_no, g.n,"
        f" g.first_id, {first} FROM g JOIN p AS w ON {same} AND w.fact_id = g.first_id"
    )


def differs(names: Sequence[str]) -> str:
    """The WHEN of an SQLite update trigger: some column that matters has changed."""
    return " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in names)
