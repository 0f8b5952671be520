"""One small pool, many threads, failures in between: no transaction leaves its scope to the next one (T4)."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.errors import ScopeError
from portal.extensions import WRITES, db
from portal.models.children import Child
from tests.factories.world import inside
from tests.tenancy.conftest import Walled
from tests.tenancy.viewers import SEES, scope_for

THREADS, ROUNDS, FAILING = 16, 40, 0.15
ALL = text("SELECT id FROM child")


class Interrupted(Exception):
    """A request that ends in the middle of its work."""


def test_sixteen_threads_on_a_small_pool_never_see_each_others_rows(walled: Walled) -> None:
    """Pool 5 + 5 is the portal's own. Each round reads by the ORM and by text, some fail on the way."""
    viewers = sorted(SEES)
    with walled.app.app_context():
        pool = db.engine.pool
        assert (pool.size(), pool._max_overflow) == (5, 5)
        labels = {child.id: label for label, child in walled.world.children.items()}
    foreign: list[tuple[str, set[str]]] = []

    def one_round(viewer: str, ending: str) -> str:
        with inside(scope_for(viewer, walled.world)) as session:
            by_text = {labels[one] for one in session.connection().execute(ALL).scalars()}
            by_orm = {labels[one] for one in session.scalars(select(Child.id))}
            foreign.extend((viewer, seen) for seen in (by_text, by_orm) if seen != SEES[viewer])
            if ending == "raised":
                raise Interrupted
            if ending == "refused":
                session.connection().execute(text("DELETE FROM audit_entry"))
            if ending == "broken":
                session.connection().execute(text("SELECT nothing_such FROM child"))
            if ending == "committed":
                session.commit()
                by_text = {labels[one] for one in session.connection().execute(ALL).scalars()}
                foreign.extend((viewer, by_text) for _n in range(by_text != SEES[viewer]))
        return ending

    def work(seed: int) -> Counter[str]:
        dice, ends = random.Random(seed), Counter[str]()
        with walled.app.app_context():
            WRITES.set(False)
            for _round in range(ROUNDS):
                failing = dice.random() < FAILING
                ending = dice.choice(["raised", "refused", "broken"] if failing else ["committed", "left"])
                try:
                    ends[one_round(dice.choice(viewers), ending)] += 1
                except (Interrupted, ScopeError, DBAPIError) as error:
                    ends[type(error).__name__] += 1
        return ends

    with ThreadPoolExecutor(THREADS) as threads:
        ends = sum(threads.map(work, range(THREADS)), Counter())
    assert foreign == []
    assert sum(ends.values()) == THREADS * ROUNDS
    assert ends[ScopeError.__name__] > 5
    assert ends[Interrupted.__name__] > 5
