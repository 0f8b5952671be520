"""Each wall alone: the other one is told that the portal itself is at work, which passes everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from portal.extensions import WRITES
from portal.tenancy.scope import Scope, current, system_scope, unscoped
from portal.tenancy.walls import postgresql, sqlite
from tests.factories.world import inside

SYSTEM = system_scope("test: one wall alone")


@contextmanager
def orm_alone(session: Session, scope: Scope | None) -> Iterator[None]:
    """The ORM wall cuts to `scope`; the database goes on as the transaction began."""
    began = current(session)
    session.expunge_all()
    session.info["portal.scope"] = scope
    yield
    session.info["portal.scope"] = began
    session.expunge_all()


@contextmanager
def database_alone(session: Session, scope: Scope | None) -> Iterator[None]:
    """The database cuts to `scope`, in the middle of the transaction; the ORM lets everything pass."""
    session.expunge_all()
    tell(session, scope)
    yield
    tell(session, SYSTEM)
    session.expunge_all()


def tell(session: Session, scope: Scope | None) -> None:
    """Change whose transaction the database takes this for; the portal itself never does."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(postgresql.entering(scope))
        return
    driver = connection.connection.driver_connection
    sqlite.leave(driver, connection.info)
    sqlite.enter(driver, connection.info, scope)


@contextmanager
def inside_the_orm(scope: Scope | None) -> Iterator[Session]:
    """A session that the ORM alone cuts to `scope`, as `inside` gives one behind both walls."""
    with unscoped("test: one wall alone") as session:
        session.connection()  # the transaction begins for the portal itself
        with orm_alone(session, scope):
            yield session
            session.rollback()


@contextmanager
def inside_the_database(scope: Scope | None) -> Iterator[Session]:
    """A session that the database alone cuts to `scope`."""
    with unscoped("test: one wall alone") as session:
        session.connection()
        with database_alone(session, scope):
            yield session
            session.rollback()


WALLS = {"both walls": inside, "the ORM alone": inside_the_orm}
"""What refuses a write, by name: the database would hide a hole in the ORM."""
READERS = WALLS | {"the database alone": inside_the_database}


def stray(cls: type[Any], number: int) -> Any:
    """A row that another session has read and let go; a reader waits for no writer."""
    writes = WRITES.set(False)
    try:
        with unscoped("test: a stray object") as other:
            row = other.get_one(cls, number)
            other.expunge(row)
            return row
    finally:
        WRITES.reset(writes)
