"""The triggers that keep the cells right inside the transaction of the act, on either engine.

SQLite: row triggers. PostgreSQL: statement triggers over transition tables, run as the owner, with
ordered upserts. Presence is rebuilt for the children a change touches, never patched by difference:
one statement may change a row twice (docs/adr/0003). `install` is run after every migration.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from portal.models.reports.cells import ADDITIVES, PRESENCES
from portal.models.reports.compile import (
    LEVELS,
    columns,
    differs,
    holder,
    period_no,
    presence_grouped,
    presence_rows,
    sql,
    upsert,
)
from portal.models.reports.declare import STAT, Additive, Entry, Presence

_REACH = "child_id, measure, period_kind, period_no, n, first_id, " + ", ".join(STAT)


def install(connection: Connection) -> None:
    """Drop and create every cell trigger, from the declarations as they stand."""
    lift(connection)
    if connection.dialect.name == "sqlite":
        for statement in _sqlite():
            connection.exec_driver_sql(statement)
    else:
        for statement in _postgresql():
            connection.exec_driver_sql(statement.replace("%", "%%"))  # psycopg's placeholder sign


def lift(connection: Connection) -> None:
    """Drop every cell trigger, until `install`. A migration that rewrites counted facts meanwhile recomputes
    the cells."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_POSTGRESQL_LIFT.replace("%", "%%"))
        return
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'cell$_%' ESCAPE '$'"
    )
    for (name,) in names.all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


# ---- SQLite ---------------------------------------------------------------------------------------


def _sqlite() -> Iterator[str]:
    for additive in ADDITIVES:
        plus = "".join(_sqlite_add(additive, entry, "NEW", "") for entry in additive.entries)
        minus = "".join(_sqlite_add(additive, entry, "OLD", "-") for entry in additive.entries)
        yield from _sqlite_triggers(
            additive.name, additive.fact, additive.read_columns, plus, minus + plus, minus
        )
    for presence in PRESENCES:
        again = "".join(_sqlite_rebuild(presence, row) for row in ("OLD", "NEW"))
        yield from _sqlite_triggers(
            presence.name,
            presence.fact,
            presence.read_columns,
            _sqlite_arrive(presence),
            again,
            _sqlite_rebuild(presence, "OLD"),
        )


def _sqlite_triggers(
    name: str, fact: str, names: list[str], insert: str, update: str, delete: str
) -> Iterator[str]:
    yield f"CREATE TRIGGER cell_{name}_insert AFTER INSERT ON {fact} BEGIN {insert} END"
    when = differs(names)
    yield f"CREATE TRIGGER cell_{name}_update AFTER UPDATE ON {fact} WHEN {when} BEGIN {update} END"
    yield f"CREATE TRIGGER cell_{name}_delete AFTER DELETE ON {fact} BEGIN {delete} END"


def _sqlite_add(additive: Additive, entry: Entry, row: str, sign: str) -> str:
    keys = [sql(entry.keys[key], row, "sqlite") for key in additive.keys]
    sums = [f"{sign}({sql(expression, row, 'sqlite')})" for expression in entry.sums.values()]
    fields = ", ".join([*holder(additive, row), *keys, *sums])
    return (
        f"INSERT INTO {additive.name} ({', '.join(columns(additive, entry))}) SELECT {fields}"
        f" FROM {LEVELS} WHERE {sql(entry.where, row, 'sqlite')} {upsert(additive, entry)}; "
    )


def _sqlite_arrive(presence: Presence) -> str:
    """A new act: one more in each of its periods, standing wherever the smallest id stands."""
    first = ", ".join(
        f"{name} = CASE WHEN excluded.first_id < first_id THEN excluded.{name} ELSE {name} END"
        for name in STAT
    )
    return (
        f"INSERT INTO {presence.name} ({_REACH}) SELECT entity, measure, period_kind, period_no, 1, fact_id,"
        f" {', '.join(STAT)} FROM ({presence_rows(presence, 'NEW', 'sqlite')}) WHERE true"
        f" ON CONFLICT (child_id, measure, period_kind, period_no) DO UPDATE SET n = n + 1, {first},"
        " first_id = MIN(first_id, excluded.first_id); "
    )


def _sqlite_rebuild(presence: Presence, row: str) -> str:
    """A changed or deleted act: count the periods it touched again, from the acts themselves."""
    kinds = sorted({kind for measure in presence.measures for kind in measure.periods})
    touched = " OR ".join(
        f"(period_kind = '{kind}' AND period_no = {period_no(kind, presence.day, row, 'sqlite')})"
        for kind in kinds
    )
    rows = presence_rows(
        presence,
        "v",
        "sqlite",
        source=f" FROM {presence.fact} AS v",
        only=f"v.{presence.entity} = {row}.{presence.entity}",
    )
    return (
        f"DELETE FROM {presence.name} WHERE child_id = {row}.{presence.entity} AND ({touched}); "
        f"INSERT INTO {presence.name} ({_REACH}) {_inline(presence_grouped(presence, rows, touched))}; "
    )


def _inline(query: str) -> str:
    """SQLite allows no WITH in front of a trigger's statement, but it does in a subquery."""
    return f"SELECT * FROM ({query})"


# ---- PostgreSQL -----------------------------------------------------------------------------------

_TRANSITIONS = {
    "insert": "NEW TABLE AS newt",
    "update": "OLD TABLE AS oldt NEW TABLE AS newt",
    "delete": "OLD TABLE AS oldt",
}


_POSTGRESQL_LIFT = (
    "DO $$ DECLARE f text; BEGIN FOR f IN SELECT oid::regprocedure::text FROM pg_proc"
    " WHERE proname LIKE 'cell\\_%' AND pronamespace = 'public'::regnamespace"
    " LOOP EXECUTE 'DROP FUNCTION ' || f || ' CASCADE'; END LOOP; END $$"
)


def _postgresql() -> Iterator[str]:
    for additive in ADDITIVES:
        for act in _TRANSITIONS:
            body = "".join(_postgresql_add(additive, entry, act) for entry in additive.entries)
            yield from _postgresql_trigger(additive.name, additive.fact, act, body)
    for presence in PRESENCES:
        yield from _postgresql_trigger(presence.name, presence.fact, "insert", _postgresql_arrive(presence))
        for act in ("update", "delete"):
            yield from _postgresql_trigger(
                presence.name, presence.fact, act, _postgresql_rebuild(presence, act)
            )


def _postgresql_trigger(name: str, fact: str, act: str, body: str) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION cell_{name}_{act}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ BEGIN {body} RETURN NULL; END $$"
    )
    yield (
        f"CREATE TRIGGER cell_{name}_{act} AFTER {act.upper()} ON {fact} REFERENCING {_TRANSITIONS[act]}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION cell_{name}_{act}()"
    )


def _postgresql_add(additive: Additive, entry: Entry, act: str) -> str:
    sources = {
        "insert": "SELECT 1 AS sign, n.* FROM newt AS n",
        "delete": "SELECT -1 AS sign, o.* FROM oldt AS o",
    }
    sources["update"] = f"{sources['insert']} UNION ALL {sources['delete']}"
    keys = [sql(entry.keys[key], "r", "postgresql") for key in additive.keys]
    sums = [f"SUM(r.sign * ({sql(text, 'r', 'postgresql')}))" for text in entry.sums.values()]
    grouped = ", ".join(str(n + 1) for n in range(4 + len(keys)))
    return (
        f"INSERT INTO {additive.name} ({', '.join(columns(additive, entry))})"
        f" SELECT {', '.join([*holder(additive, 'r'), *keys, *sums])}"
        f" FROM ({sources[act]}) AS r CROSS JOIN {LEVELS} WHERE {sql(entry.where, 'r', 'postgresql')}"
        f" GROUP BY {grouped} HAVING {' OR '.join(f'{s} <> 0' for s in sums)} ORDER BY {grouped}"
        f" {upsert(additive, entry)}; "
    )


def _postgresql_arrive(presence: Presence) -> str:
    name = presence.name
    rows = presence_rows(presence, "n", "postgresql", source=" FROM newt AS n")
    first = ", ".join(
        f"{column} = CASE WHEN excluded.first_id < {name}.first_id THEN excluded.{column}"
        f" ELSE {name}.{column} END"
        for column in STAT
    )
    return (
        f"INSERT INTO {name} ({_REACH}) {presence_grouped(presence, rows)} ORDER BY 1, 2, 3, 4"
        f" ON CONFLICT (child_id, measure, period_kind, period_no) DO UPDATE SET"
        f" n = {name}.n + excluded.n, {first},"
        f" first_id = LEAST({name}.first_id, excluded.first_id); "
    )


def _postgresql_rebuild(presence: Presence, act: str) -> str:
    name, entity = presence.name, presence.entity
    touched = f"SELECT DISTINCT {entity} FROM oldt"
    if act == "update":
        read = ", ".join(["id", *presence.read_columns])
        touched = (
            f"SELECT DISTINCT {entity} FROM ("
            f"(SELECT {read} FROM oldt EXCEPT ALL SELECT {read} FROM newt) UNION ALL"
            f" (SELECT {read} FROM newt EXCEPT ALL SELECT {read} FROM oldt)) AS changed"
        )
    facts = f" FROM {presence.fact} AS v JOIN unnest(touched) AS t(entity) ON v.{entity} = t.entity"
    rows = presence_rows(presence, "v", "postgresql", source=facts)
    return (
        f"DECLARE touched bigint[]; BEGIN touched := ARRAY({touched} ORDER BY 1);"
        f" IF cardinality(touched) > 0 THEN"
        f" PERFORM 1 FROM {name} WHERE child_id = ANY(touched) ORDER BY 1 FOR UPDATE;"
        f" DELETE FROM {name} WHERE child_id = ANY(touched);"
        f" INSERT INTO {name} ({_REACH}) {presence_grouped(presence, rows)} ORDER BY 1, 2, 3, 4;"
        f" END IF; END; "
    )
