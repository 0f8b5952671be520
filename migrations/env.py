"""Alembic's environment: one history for both engines, and fresh triggers and walls after every run."""

from alembic import context
from flask import current_app
from sqlalchemy import inspect, make_url

from portal.extensions import db
from portal.models import audit_triggers
from portal.models.reports import triggers
from portal.tenancy.walls import postgresql
from portal.tenancy.walls.context import owner_engine


def _hold_foreign_keys(connection, on) -> None:
    """SQLite rebuilds a table by dropping it: with its keys on, the rows that point at it would go too."""
    if connection.dialect.name == "sqlite":  # on the driver, since inside a transaction it has no effect
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _is_newest() -> bool:
    return set(context.get_context().get_current_heads()) == set(context.script.get_heads())


def run() -> None:
    settings = current_app.config["SETTINGS"]
    with owner_engine(settings).connect() as connection:
        _hold_foreign_keys(connection, on=False)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=False,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            postgresql.lift(connection)
            triggers.lift(connection)  # they name columns that a migration may take away
            context.run_migrations()
            if "unit" in inspect(connection).get_table_names():
                triggers.install(connection)
                audit_triggers.install(connection)
            if _is_newest():  # in between, the tables stay closed to every role
                postgresql.install(connection, login=make_url(settings.database_url).username or "")
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                assert broken is None, f"a migration broke a key: {broken}"
        if connection.in_transaction():
            connection.commit()
        _hold_foreign_keys(connection, on=True)


if context.is_offline_mode():
    raise RuntimeError("the portal migrates a live database only: the triggers depend on its engine")
run()
