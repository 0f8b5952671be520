"""Alembic's environment: one history for both engines, and fresh triggers after every run."""

from alembic import context
from flask import current_app
from sqlalchemy import inspect

from portal.extensions import db
from portal.models import audit_triggers
from portal.models.reports import triggers


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
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
        if connection.in_transaction():
            connection.commit()


if context.is_offline_mode():
    raise RuntimeError("the portal migrates a live database only: the triggers depend on its engine")
run()
