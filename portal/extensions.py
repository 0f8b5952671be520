"""The unbound extensions. This module imports nothing of ours, so nothing can circle back to it."""

from __future__ import annotations

import sqlite3
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base with a naming convention, so that migrations can name constraints."""

    metadata = MetaData(naming_convention=NAMING)


class PortalSession(Session):
    """The session without its legacy bulk methods: they pass by every hook that a wall could stand at."""

    def bulk_save_objects(self, *_rows: Any, **_how: Any) -> NoReturn:
        raise InvalidRequestError("bulk methods are not scoped: add objects to the session")

    bulk_insert_mappings = bulk_update_mappings = bulk_save_objects


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"class_": PortalSession})
if TYPE_CHECKING:

    class Model(Base):
        """The base of mapped classes, for the type checker."""

        __abstract__ = True
else:
    Model = db.Model

migrate = Migrate()
login = LoginManager()
babel = Babel()
csrf = CSRFProtect()

WRITES: ContextVar[bool] = ContextVar("WRITES", default=True)
"""Whether the work at hand may write. On SQLite a writer begins IMMEDIATE, so that two writers wait for
each other instead of failing; a GET clears it and reads without waiting."""


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # BEGIN is ours, see below
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "busy_timeout = 15000",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "cache_size = -8192",  # per connection: a dozen of them must not fill a small server
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if WRITES.get() else "BEGIN")
