"""Property: whatever the tree, the scope and the query, what is seen is what the oracle says."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import exists, func, select, union_all
from sqlalchemy.orm import Session, aliased

from portal.models.children import Child, Guardianship, Parent
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.tenancy.scope import Scope, unscoped
from tests.tenancy.conftest import Walled
from tests.tenancy.forest import PLANS, Forest, Plan, oracle, plant, scopes


def _pages(session: Session, cls: type) -> Iterable[int]:
    after = 0
    while page := session.scalars(select(cls.id).where(cls.id > after).order_by(cls.id).limit(3)).all():
        yield from page
        after = page[-1]


def _twice(session: Session, cls: type) -> Iterable[int]:
    other = aliased(cls)
    return session.scalars(select(other.id).select_from(cls).join(other, other.id != 0))


def _alias(session: Session, cls: type) -> Iterable[int]:
    return session.scalars(select(aliased(cls).id))


QUERIES: dict[str, Callable[[Session, type], Iterable[int]]] = {
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


def _seen(session: Session, scope: Scope | None, query: str, cls: type) -> set[int]:
    """Ask through the wall in the planting session itself, so that nothing need be committed."""
    session.info["portal.scope"] = scope
    session.expunge_all()
    return set(QUERIES[query](session, cls))


@settings(
    max_examples=max(150, settings.default.max_examples),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(plan=PLANS, first_class=st.integers(0, 8), first_query=st.integers(0, len(QUERIES) - 1))
def test_what_is_seen_is_what_the_oracle_says(
    walled: Walled, plan: Plan, first_class: int, first_query: int
) -> None:
    """Every scope of the forest asks once; the classes and the queries are dealt out in turn."""
    with walled.app.app_context(), unscoped("test: planting a forest") as session:
        forest = plant(session, plan)
        classes, queries = list(forest.rows), sorted(QUERIES)
        for number, scope in enumerate(scopes(forest)):
            cls = classes[(first_class + number) % len(classes)]
            query = queries[(first_query + number) % len(queries)]
            planted = {row.id for row in forest.rows[cls]}
            seen = _seen(session, scope, query, cls) & planted
            assert seen == oracle(forest, scope, cls), (cls.__name__, query, scope)
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
        posts=((0, 0, 0), (1, 1, 3)),
    )
    with walled.app.app_context(), unscoped("test: planting a forest") as session:
        forest: Forest = plant(session, plan)
        sizes = {len(oracle(forest, scope, cls)) for scope in scopes(forest)}
        session.rollback()
    assert len(sizes) >= 3 or cls is Parent
