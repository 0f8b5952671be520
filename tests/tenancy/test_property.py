"""Property: whatever the tree, the scope and the statement, each wall alone shows what the oracle says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, exists, func, select, text, union_all, update
from sqlalchemy.orm import Session, aliased

from portal.errors import ScopeError
from portal.models.accounts import Person
from portal.models.children import Child, ClassPost, Guardianship, Parent, SchoolClass, Transfer
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.tenancy.scope import Scope, current, unscoped
from portal.tenancy.units import Unit
from tests.tenancy.alone import SYSTEM, database_alone, orm_alone, tell
from tests.tenancy.conftest import Walled
from tests.tenancy.forest import PLANS, Forest, Plan, may_write, oracle, plant, scopes

Query = Callable[[Session, type], Iterable[int]]


def _pages(session: Session, cls: type) -> Iterable[int]:
    after = 0
    while page := session.scalars(select(cls.id).where(cls.id > after).order_by(cls.id).limit(3)).all():
        yield from page
        after = page[-1]


@lru_cache
def _other(cls: type) -> Any:
    """One alias per class: made anew it would cost more than the query."""
    return aliased(cls)


def _twice(session: Session, cls: type) -> Iterable[int]:
    other = _other(cls)
    return session.scalars(select(other.id).select_from(cls).join(other, other.id != 0))


def _alias(session: Session, cls: type) -> Iterable[int]:
    return session.scalars(select(_other(cls).id))


ASKED_OF_BOTH: dict[str, Query] = {
    "entity": lambda s, cls: [row.id for row in s.scalars(select(cls))],
    "column": lambda s, cls: s.scalars(select(cls.id)),
    "alias": _alias,
    "join with itself": _twice,
    "exists of itself": lambda s, cls: s.scalars(select(cls.id).where(exists(select(cls.id)))),
    "subquery": lambda s, cls: s.scalars(select(select(cls.id).subquery().c.id)),
    "in a subquery": lambda s, cls: s.scalars(select(cls.id).where(cls.id.in_(select(cls.id)))),
    "union": lambda s, cls: s.scalars(union_all(select(cls.id), select(cls.id))),
    "group": lambda s, cls: s.scalars(select(cls.id).group_by(cls.id).having(func.count() > 0)),
    "pages": _pages,
}


def _as_text(sql: str) -> Query:
    return lambda s, cls: s.scalars(text(sql.format(table=cls.__tablename__)))


ASKED_OF_THE_DATABASE: dict[str, Query] = ASKED_OF_BOTH | {
    "text": _as_text("SELECT id FROM {table}"),
    "text with an alias": _as_text("SELECT b.id FROM {table} AS a, {table} AS b WHERE a.id <> 0"),
    "text with a common table": _as_text("WITH c AS (SELECT id FROM {table}) SELECT id FROM c"),
    "text as an entity": lambda s, cls: [
        row.id for row in s.scalars(select(cls).from_statement(text(f"SELECT * FROM {cls.__tablename__}")))
    ],
    "core": lambda s, cls: s.scalars(select(cls.__table__.c.id)),
    "connection": lambda s, cls: s.connection().execute(select(cls.__table__.c.id)).scalars(),
}


def _some(found: list[Scope | None], start: int, number: int) -> list[Scope | None]:
    """So many of them, spread over the list and turned round with each example."""
    step = 1 + len(found) // number
    return found[start % step :: step]


EXAMPLES = max(500, settings.default.max_examples)
"""Trees on each engine: 500 in `make test`, 20,000 in `make test-long`."""
PARTS = range(max(1, EXAMPLES // 4_000))
"""The long run goes in parts: what Hypothesis remembers of them grows, and two processes share them."""
PER_TREE = 6 if len(PARTS) == 1 else 3
"""Scopes that ask of each tree."""

many_trees = settings(
    max_examples=EXAMPLES // len(PARTS),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.mark.parametrize("part", PARTS)
@many_trees
@given(plan=PLANS, start=st.integers(0, 1000))
def test_each_wall_alone_shows_what_the_oracle_says(
    walled: Walled, part: int, plan: Plan, start: int
) -> None:
    """Scopes of every kind ask once at each wall; the classes and the queries are dealt out in turn."""
    with walled.app.app_context(), unscoped("test: planting a forest") as session:
        forest = plant(session, plan)
        classes = [cls for cls, rows in forest.rows.items() if rows]
        for number, scope in enumerate(_some(scopes(forest), start, PER_TREE), start):
            cls = classes[number % len(classes)]
            says = oracle(forest, scope, cls)
            for wall, queries in ((orm_alone, ASKED_OF_BOTH), (database_alone, ASKED_OF_THE_DATABASE)):
                query = sorted(queries)[(number // 3) % len(queries)]
                with wall(session, scope):
                    seen = set(queries[query](session, cls)) & {row.id for row in forest.rows[cls]}
                assert seen == says, (wall.__name__, cls.__name__, query, scope)
        session.rollback()


# ---- writing ---------------------------------------------------------------------------------------

HARMLESS: dict[type, tuple[str, object]] = {
    Unit: ("name", "改"),
    Person: ("name", "改"),
    Child: ("name", "改"),
    SchoolClass: ("name", "改"),
    Visit: ("note", "改"),
    Guardianship: ("name", "改"),
    Parent: ("name", "改"),
    Pairing: ("note", "改"),
    ClassPost: ("until", date(2031, 1, 1)),
    Transfer: ("note", "改"),
}
"""Class → something to write that moves no row."""

Act = Callable[[Session, object], int]


def _change(session: Session, row: object) -> int:
    table, (column, value) = type(row).__table__, HARMLESS[type(row)]
    return _reached(session, update(table).where(table.c.id == row.id).values({column: value}))


def _change_all(session: Session, row: object) -> int:
    column, value = HARMLESS[type(row)]
    return _reached(session, text(f"UPDATE {row.__tablename__} SET {column} = '{value}' WHERE id > 0"))


def _delete(session: Session, row: object) -> int:
    table = type(row).__table__
    return _reached(session, delete(table).where(table.c.id == row.id))


def _reached(session: Session, statement: Any) -> int:
    return session.connection().execute(statement).rowcount


def _tried(session: Session, scope: Scope | None, act: Act, row: object) -> int:
    """How many rows the act reached at the database; a refusal is none. Nothing of it stays."""
    point = session.begin_nested()
    session.connection()  # the savepoint stands before the scope changes
    try:
        tell(session, scope)
        return act(session, row)
    except ScopeError:
        return 0
    finally:
        point.rollback()
        tell(session, SYSTEM)


def _flushed(session: Session, scope: Scope | None, row: object) -> bool:
    """Whether the ORM alone lets the scope write an object that the session holds."""
    column, value = HARMLESS[type(row)]
    point, began = session.begin_nested(), current(session)
    held = session.get_one(type(row), row.id)
    try:
        session.info["portal.scope"] = scope
        setattr(held, column, value)
        session.flush()
    except ScopeError:
        return False
    else:
        return True
    finally:
        session.info["portal.scope"] = began
        point.rollback()
        session.expunge_all()


@pytest.mark.parametrize("part", PARTS)
@many_trees
@given(plan=PLANS, start=st.integers(0, 1000))
def test_each_wall_alone_lets_nobody_write_past_it(walled: Walled, part: int, plan: Plan, start: int) -> None:
    """Scopes of every kind try one row of the forest: by statement at the database, as an object at the ORM."""
    with walled.app.app_context(), unscoped("test: planting a forest") as session:
        forest = plant(session, plan)
        rows = [row for planted in forest.rows.values() for row in planted]
        for number, scope in enumerate(_some(scopes(forest), start, 3), start):
            row = rows[(number * 7) % len(rows)]
            allowed = may_write(forest, scope, row)
            assert _tried(session, scope, _change, row) == allowed, ("change", scope, row.__tablename__)
            assert _flushed(session, scope, row) == allowed, ("object", scope, row.__tablename__)
            writable = sum(may_write(forest, scope, one) for one in forest.rows[type(row)])
            reached = _tried(session, scope, _change_all, row)
            assert reached in (0, writable), ("change all", scope, row.__tablename__)
            if isinstance(row, (Visit, Guardianship, Parent, ClassPost, Transfer)):
                deletes = may_write(forest, scope, row, delete=True)
                assert _tried(session, scope, _delete, row) == deletes, ("delete", scope, row.__tablename__)
        session.rollback()


@pytest.mark.parametrize("cls", [Child, Guardianship, Parent, Pairing, Visit])
def test_the_oracle_tells_apart_what_it_should(walled: Walled, cls: type) -> None:
    """The property would prove little if the drawn forests were empty or all in sight."""
    plan = Plan(
        towns=(2, 1),
        leaves=((0, False), (1, False), (0, True), (1, True), (2, False)),
        children=((0, 0, 0), (0, 1, 1), (0, 0, 1), (1, 0, None)),
        pairings=((0, 0, 0), (0, 1, 3), (1, 2, 1)),
        visits=((0, 0), (0, 1), (1, 2)),
    )
    with walled.app.app_context(), unscoped("test: planting a forest") as session:
        forest: Forest = plant(session, plan)
        sizes = {len(oracle(forest, scope, cls)) for scope in scopes(forest)}
        session.rollback()
    assert len(sizes) >= 3 or cls is Parent
