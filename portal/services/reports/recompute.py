"""Recompute: the cells of a county again from the facts, and every difference to what was stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.models.reports.cells import ADDITIVES, PRESENCES
from portal.models.reports.compile import expected, presence_grouped, presence_rows, stored
from portal.models.reports.declare import HOLDER, STAT, Additive, Presence

Row = dict[str, Any]
_REACH = ("child_id", "measure", "period_kind", "period_no", "n", "first_id", *STAT)


def check(session: Session, county_id: int) -> list[Row]:
    """Every cell that differs from its facts: `{cell, key, stored, expected}`. For system sessions."""
    dialect = session.get_bind().dialect.name
    differences = []
    for presence in PRESENCES:
        differences += _compare_presence(session, presence, county_id, dialect)
    for additive in ADDITIVES:
        want = _rows(session, expected(additive, dialect), county_id, additive)
        have = _rows(session, stored(additive), county_id, additive)
        for key in sorted({*want, *have}, key=str):
            if want.get(key) != have.get(key):
                differences.append(
                    {"cell": additive.name, "key": key, "stored": have.get(key), "expected": want.get(key)}
                )
    return differences


def rebuild(session: Session, county_id: int) -> None:
    """Write the cells of one county anew from the facts. For system sessions; the caller commits."""
    dialect = session.get_bind().dialect.name
    county = {"county": county_id}
    for presence in PRESENCES:  # its triggers carry the change into its own cells
        session.execute(text(f"DELETE FROM {presence.name} WHERE stat_county_id = :county"), county)
        session.execute(
            text(f"INSERT INTO {presence.name} ({', '.join(_REACH)}) {_presence_query(presence, dialect)}"),
            county,
        )
    for additive in ADDITIVES:
        names = ", ".join([*HOLDER, *additive.keys, *additive.sums])
        session.execute(text(f"DELETE FROM {additive.name} WHERE county_id = :county"), county)
        query = f"INSERT INTO {additive.name} ({names}) {expected(additive, dialect)}"
        session.execute(text(query), county)


def _presence_query(presence: Presence, dialect: str) -> str:
    rows = presence_rows(
        presence, "v", dialect, source=f" FROM {presence.fact} AS v", only="v.stat_county_id = :county"
    )
    return presence_grouped(presence, rows)


def _compare_presence(session: Session, presence: Presence, county_id: int, dialect: str) -> list[Row]:
    county = {"county": county_id}
    names = ", ".join(_REACH)
    want = {tuple(row) for row in session.execute(text(_presence_query(presence, dialect)), county)}
    have = {
        tuple(row)
        for row in session.execute(
            text(f"SELECT {names} FROM {presence.name} WHERE stat_county_id = :county"), county
        )
    }
    return [
        {"cell": presence.name, "key": row[:4], "stored": row if row in have else None,
         "expected": row if row in want else None}
        for row in sorted(want ^ have, key=str)
    ]  # fmt: skip


def _rows(session: Session, query: str, county_id: int, additive: Additive) -> dict[Any, Any]:
    width = len(HOLDER) + len(additive.keys)
    found = session.execute(text(query), {"county": county_id})
    return {tuple(row[:width]): tuple(int(value) for value in row[width:]) for row in found}
