"""Alembic's environment: one history for both engines, and fresh triggers after every run."""

from alembic import context
from flask import current_app
from sqlalchemy import inspect

from portal.extensions import db
from portal.models import audit_triggers
from portal.models.reports import triggers


def _hold_foreign_keys(connection, on) -> None:
    """SQLite rebuilds a table by dropping it: with its keys on, the rows that point at it would go too."""
    if connection.dialect.name == "sqlite":  # on the driver, since inside a transaction it has no effect
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
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
            context.run_migrations()
            if "unit" in inspect(connection).get_table_names():
                triggers.install(connection)
                audit_triggers.install(connection)
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                assert broken is None, f"a migration broke a key: {broken}"
        if connection.in_transaction():
            connection.commit()
        _hold_foreign_keys(connection, on=True)


if context.is_offline_mode():
    raise RuntimeError("the portal migrates a live database only: the triggers depend on its engine")
run()
