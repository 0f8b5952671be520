"""The wall of SQLite: TEMP views that shadow the tables, TEMP triggers that refuse, one set per connection.

A TEMP name wins over one of the file, so the SQL of the portal stays as it is: what it reads is the view.
A view takes no writes; `aim` points a statement that begins with one at the table itself, where the triggers
stand. The values of the transaction are functions of Python over `connection.info`, cleared when it ends.
It is a wall against what was forgotten, not against SQL that names `main.` on purpose.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from portal.extensions import db
from portal.tenancy.scope import Level, Scope
from portal.tenancy.walls.fences import LEVELS, Fence, fences

CONTEXT = "portal.wall.values"
_STANDS = "portal.wall.schema"
_FILTERS = "portal.wall.columns"

REFUSED = "outside the wall: "
"""How a trigger's message begins; the name of the table follows."""

VALUES = {name: f"wall_{name}()" for name in ("scope", "county", "membership", "day")}
NOTHING: tuple[Any, ...] = (None, None, None, None, None)
_NAMES = ("level", "scope", "county", "membership", "day")

_WRITE = re.compile(
    r"\s*(?P<act>INSERT(?=(\s+OR\s+(ABORT|FAIL|IGNORE|ROLLBACK))?\s+INTO)|UPDATE|DELETE(?=\s+FROM))"
    r'(\s+OR\s+\w+)?(\s+(INTO|FROM))?\s+(?="?(?P<table>\w+))',
    re.I,
)


def prepare(connection: sqlite3.Connection, info: dict[Any, Any]) -> None:
    """Give a new connection the functions that say whose transaction it is."""
    info[CONTEXT] = NOTHING
    for number, name in enumerate(_NAMES):

        def value(position: int = number) -> Any:
            return info.get(CONTEXT, NOTHING)[position]

        connection.create_function(f"wall_{name}", 0, value, deterministic=True)


def enter(connection: sqlite3.Connection, info: dict[Any, Any], scope: Scope | None) -> None:
    """Set the values of the transaction that begins; None: everything is empty."""
    info[CONTEXT] = _values(scope) if scope else NOTHING
    if scope and scope.level is Level.VOLUNTEER:
        connection.set_authorizer(_cover)
        info[_FILTERS] = True


def _values(scope: Scope) -> tuple[Any, ...]:
    day = scope.day.isoformat() if scope.day else None
    level = scope.role or scope.level.value
    return level, scope.id or None, scope.county_id or None, scope.membership_id or None, day


def leave(connection: sqlite3.Connection, info: dict[Any, Any]) -> None:
    """Forget the values."""
    info[CONTEXT] = NOTHING
    if info.pop(_FILTERS, False):
        for covering in (_allow, None):  # whatever was prepared under the cover is prepared anew
            connection.set_authorizer(covering)


def _allow(*_what: Any) -> int:
    return sqlite3.SQLITE_OK


def _cover(action: int, table: str | None, column: str | None, *_where: Any) -> int:
    """A volunteer reads NULL where she has no column, as in her shadow of the table on PostgreSQL."""
    if action == sqlite3.SQLITE_READ and column and table in _covered():
        return sqlite3.SQLITE_OK if column in _covered()[table] else sqlite3.SQLITE_IGNORE
    return sqlite3.SQLITE_OK


@lru_cache(maxsize=1)
def _covered() -> dict[str | None, frozenset[str]]:
    return {
        name: frozenset(fence.columns["volunteer"])
        for name, fence in fences().items()
        if "volunteer" in fence.columns
    }


# ---- views and triggers -------------------------------------------------------------------------------


def raise_wall(connection: sqlite3.Connection, info: dict[Any, Any]) -> None:
    """Build the wall on this connection, or build it anew if the schema has changed since."""
    [version] = connection.execute("PRAGMA schema_version").fetchone()
    if info.get(_STANDS) == version:
        return
    for kind, name in connection.execute(
        "SELECT type, name FROM sqlite_temp_master WHERE type IN ('view', 'trigger')"
    ).fetchall():
        connection.execute(f"DROP {kind} IF EXISTS temp.{name}")
    tables = {
        name for [name] in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    }
    for fence in fences().values():
        if fence.table in tables:
            for statement in wall_of(fence):
                connection.execute(statement)
    info[_STANDS] = version


def wall_of(fence: Fence) -> Iterator[str]:
    """The view and the triggers of one table."""
    table = fence.table
    yield f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {_holds(fence, 'SELECT', '')}"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}{table}'); END"
    new, old = (_holds(fence, "UPDATE", row) for row in ("NEW.", "OLD."))
    broken = {
        "INSERT": f"NOT {_holds(fence, 'INSERT', 'NEW.')}",
        "UPDATE": f"NOT {old} OR NOT {new}",
        "DELETE": f"NOT {_holds(fence, 'DELETE', 'OLD.')}",
    }
    for act, when in broken.items():
        if set(fence.rules(act)) - {"recompute"}:  # else only triggers and keys of the file do it: let them
            name = f"wall_{table}_{act.lower()}"
            yield f"CREATE TEMP TRIGGER {name} BEFORE {act} ON main.{table} WHEN {when} {refuse}"


def _holds(fence: Fence, act: str, row: str) -> str:
    """Whether the transaction's level may do the act to a row: one expression for all levels."""
    cases = []
    for level, rule in fence.rules(act).items():
        parts = [rule]
        if level in LEVELS:
            parts = [fence.county, rule, fence.stays if act in ("INSERT", "UPDATE") else ""]
        whole = " AND ".join(f"({part})" for part in dict.fromkeys(parts) if part)
        if row:
            whole = _from_facts(whole, fence.table)
        cases.append(f"WHEN '{level}' THEN {whole}".format(row=row, db="main.", **VALUES))
    if not cases:
        return "false"
    return f"COALESCE(CASE wall_level() {' '.join(cases)} ELSE false END, false)"


def _from_facts(rule: str, table: str) -> str:
    """SQLite (3.40) shows a BEFORE UPDATE trigger 0 in a generated column whose facts do not change."""
    columns = db.metadata.tables[table].c if table in db.metadata.tables else ()
    for column in columns:
        if column.computed is not None:
            facts = "|".join(one.name for one in columns)
            expression = re.sub(rf"\b({facts})\b", r"{row}\1", str(column.computed.sqltext))
            rule = re.sub(rf"\{{row\}}{column.name}\b", expression, rule)
    return rule


# ---- writes ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)
def aim(statement: str, level: str | None) -> str:
    """Point a statement that begins with a write at the table behind the view, if the level writes there.

    What it does not know (`WITH … UPDATE`, REPLACE) hits the view and is refused, like any other write.
    """
    match = _WRITE.match(statement)
    fence = fences().get(match["table"]) if match else None
    if match is None or fence is None or level not in fence.rules(match["act"].upper()):
        return statement
    return f"{statement[: match.end()]}main.{statement[match.end() :]}"
