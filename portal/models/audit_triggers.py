"""The triggers that make audit lines unchangeable and give every county the head of its chain.

They refuse everybody, the owner too: whoever means harm must first drop a trigger, and the chain, its
head and the daily anchor tell what was changed then. One thing they let pass: lines older than three years
for which a later line of the chain stands (`services/audit/pruning`); no role of the application may even
do that. `install` is run after every migration.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, inspect

from portal.models.audit import PRUNED

_WORDS = "the audit is append-only"
_LOOK = ("id", "at", "person_id", "role", "action", "child_id")
"""What of a look is fixed; its stamps follow the child and the unit."""
LEAST_YEARS = 3
"""What the database itself keeps, whatever a setting says."""
_STANDS_FOR = (
    "EXISTS (SELECT 1 FROM audit_entry AS cut WHERE cut.county_id = OLD.county_id AND cut.seq > OLD.seq"
    f" AND cut.action = '{PRUNED}' AND %s >= OLD.seq)"
)
"""Whether a later line says that the old one was removed; %s reads the number through which it speaks."""
_HEADS = "INSERT INTO audit_head (chain, seq, hash) SELECT id, 0, '' FROM unit WHERE kind = 'county'"


def install(connection: Connection) -> None:
    """Drop and create the triggers; nothing but dropping on a database that has no chain yet."""
    sqlite = connection.dialect.name == "sqlite"
    there = "audit_head" in inspect(connection).get_table_names()
    for statement in _sqlite(connection, there) if sqlite else _postgresql(there):
        connection.exec_driver_sql(statement.replace("%", "%%") if not sqlite else statement)
    if there:
        for heads in (
            f"{_HEADS} AND true",
            "INSERT INTO audit_head (chain, seq, hash) SELECT 0, 0, '' WHERE true",
        ):
            connection.exec_driver_sql(f"{heads} ON CONFLICT (chain) DO NOTHING")


def uninstall(dialect: str) -> list[str]:
    """The statements that take them away before a migration drops the tables."""
    if dialect == "sqlite":
        return ["DROP TRIGGER IF EXISTS audit_head_of_county"]
    return [
        f"DROP FUNCTION IF EXISTS {name}() CASCADE"
        for name in ("audit_refuse", "audit_keep", "audit_head_of_county")
    ]


def _sqlite(connection: Connection, there: bool) -> Iterator[str]:
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit$_%' ESCAPE '$'"
    )
    for (name,) in names.all():
        yield f"DROP TRIGGER {name}"
    if not there:
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _LOOK)
    yield f"CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry {refuse}"
    yield f"CREATE TRIGGER audit_look_update BEFORE UPDATE ON file_look WHEN {changed} {refuse}"
    back = "NEW.chain <> OLD.chain OR NEW.seq <= OLD.seq"
    yield f"CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head WHEN {back} {refuse}"
    over = f"OLD.at < datetime('now', '-{LEAST_YEARS} years')"
    covered = _STANDS_FOR % "json_extract(cut.details, '$.through')"
    yield (
        "CREATE TRIGGER audit_audit_entry_delete BEFORE DELETE ON audit_entry"
        f" WHEN NOT ({over} AND {covered}) {refuse}"
    )
    for table in ("file_look", "audit_head"):
        yield f"CREATE TRIGGER audit_{table}_delete BEFORE DELETE ON {table} {refuse}"
    yield (
        "CREATE TRIGGER audit_head_of_county AFTER INSERT ON unit WHEN NEW.kind = 'county'"
        " BEGIN INSERT INTO audit_head (chain, seq, hash) VALUES (NEW.id, 0, ''); END"
    )


def _postgresql(there: bool) -> Iterator[str]:
    yield from uninstall("postgresql")
    if not there:
        return
    yield (
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _LOOK)
    back = "NEW.chain <> OLD.chain OR NEW.seq <= OLD.seq"
    refuse = "EXECUTE FUNCTION audit_refuse()"
    yield f"CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit_entry FOR EACH STATEMENT {refuse}"
    yield f"CREATE TRIGGER audit_fixed BEFORE UPDATE ON file_look FOR EACH ROW WHEN ({changed}) {refuse}"
    yield f"CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit_head FOR EACH ROW WHEN ({back}) {refuse}"
    over = f"OLD.at < (now() AT TIME ZONE 'UTC') - interval '{LEAST_YEARS} years'"
    covered = _STANDS_FOR % "(cut.details->>'through')::bigint"
    yield (
        "CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {over} AND {covered} THEN RETURN OLD; END IF;"
        f" RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    yield "CREATE TRIGGER audit_kept BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_keep()"
    for table, each in (("file_look", "ROW"), ("audit_head", "STATEMENT")):
        yield f"CREATE TRIGGER audit_kept BEFORE DELETE ON {table} FOR EACH {each} {refuse}"
    for table in ("audit_entry", "file_look", "audit_head"):
        yield f"CREATE TRIGGER audit_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
    yield (
        "CREATE FUNCTION audit_head_of_county() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = public, pg_temp AS $$ BEGIN INSERT INTO audit_head (chain, seq, hash)"
        " VALUES (NEW.id, 0, ''); RETURN NULL; END $$"
    )
    yield (
        "CREATE TRIGGER audit_head_of_county AFTER INSERT ON unit FOR EACH ROW WHEN (NEW.kind = 'county')"
        " EXECUTE FUNCTION audit_head_of_county()"
    )
