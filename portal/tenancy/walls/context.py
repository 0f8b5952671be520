"""Whose transaction it is: the session's scope, told to the database as each transaction begins.

It is bound to the transaction and ends with it. A connection to which no session has given a scope is
nobody. What the database refuses becomes a ScopeError that names the table.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import SessionTransaction

from portal.config import Settings
from portal.errors import ScopeError
from portal.tenancy.scope import Scope, current
from portal.tenancy.walls import postgresql, sqlite

_OWNER = "portal.wall.owner"
_GIVEN = "portal.wall.scope"

_DENIED = re.compile(
    r'row-level security policy(?: "\w+")? for table "(\w+)"'
    r"|permission denied for (?:table|view|sequence|schema) (\w+)"
    r'|cannot (?:insert into|update|delete from) (?:column "\w+" of )?view "(\w+)"'
)
_REFUSALS = {"42501", "0A000", "55000"}
"""No right; and, for a volunteer's shadow of a table, a view that takes no such write."""
_SHUT = re.compile(rf"{sqlite.REFUSED}(\w+)|cannot modify (\w+) because it is a view")


def owner_engine(settings: Settings) -> Engine:
    """An engine that signs in as the owner of the tables and stands outside the walls: for migrations."""
    engine = create_engine(settings.owner_url, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", lambda connection, record: record.info.update({_OWNER: True}))
    return engine


@event.listens_for(Session, "after_begin")
def give(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Tell the database whose transaction has begun."""
    impose(connection, current(session))


def impose(connection: Connection, scope: Scope | None) -> None:
    """Bind the transaction to a scope. Raises ScopeError if it is bound to another one already."""
    if connection.info.get(_GIVEN, scope) != scope:
        raise ScopeError("this transaction already has a scope; another one needs another transaction")
    if _GIVEN in connection.info:
        return  # a savepoint
    connection.info[_GIVEN] = scope
    if connection.dialect.name == "postgresql":
        postgresql.begin(connection, scope)
    else:
        sqlite.enter(_driver(connection), connection.info, scope)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        sqlite.prepare(connection, record.info)


@event.listens_for(Engine, "checkout")
def _stand_before_the_transaction(connection: Any, record: Any, proxy: Any) -> None:
    """TEMP views must be there before BEGIN: a rollback would take them down again."""
    if isinstance(connection, sqlite3.Connection) and _OWNER not in record.info:
        sqlite.raise_wall(connection, record.info)


@event.listens_for(Engine, "before_cursor_execute", retval=True)
def _aim(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> tuple[str, Any]:
    if connection.dialect.name == "sqlite" and _OWNER not in connection.info:
        statement = sqlite.aim(statement, connection.info[sqlite.CONTEXT][0])
    return statement, parameters


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _end(connection: Connection) -> None:
    if not connection.invalidated:
        _forget(_driver(connection), connection.info)


@event.listens_for(Engine, "checkin")
def _return(connection: Any, record: Any) -> None:
    if connection is not None:
        _forget(connection, record.info)


def _forget(connection: Any, info: dict[Any, Any]) -> None:
    info.pop(_GIVEN, None)
    if isinstance(connection, sqlite3.Connection):
        sqlite.leave(connection, info)


@event.listens_for(Engine, "handle_error")
def _say_which_table(found: ExceptionContext) -> None:
    """Turn the database's refusal into ours. Whatever else went wrong stays what it is."""
    original = found.original_exception
    if isinstance(original, sqlite3.Error):
        match = _SHUT.search(str(original))
    else:
        refused = getattr(original, "sqlstate", "") in _REFUSALS
        match = _DENIED.search(str(original)) if refused else None
    if match is not None:
        raise ScopeError(
            f"the database refuses: {match[match.lastindex or 0]} outside the scope"
        ) from original
