"""Past trees: which units a report of a past period belongs to, and a session that may read their sums."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from portal.extensions import WRITES, db
from portal.services.reports.figures import Books, Window
from portal.services.units.tree import Tree, tree_on
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import UnitKind


@contextmanager
def open_books(unit: Unit, window: Window) -> Iterator[Books]:
    """The books of `unit` for a window, by the tree of its as-of day. The caller has checked the permission.

    A township reads the sums of a village that has left it since through a session of its own: sums only,
    of the units that belonged to it on that day.
    """
    tree = tree_on(db.session(), unit.county_id, window.as_of)
    holders = _holders(unit, tree)
    gone = unit.kind is UnitKind.TOWNSHIP and _have_left(unit, tree)
    if not gone:
        yield Books(unit, window, tree, db.session(), holders)
        return
    writes = WRITES.set(False)  # on SQLite a reader beside the writer of this request
    try:
        with unscoped("reports: the sums of units that belonged to a township then") as session:
            yield Books(unit, window, tree, session, holders)
    finally:
        WRITES.reset(writes)


def _holders(unit: Unit, tree: Tree) -> dict[int, int] | None:
    moved = tree.moved
    if unit.kind is UnitKind.COUNTY and moved:
        rows = db.session.execute(
            select(Unit.id, Unit.township_id).where(Unit.county_id == unit.id, Unit.id != unit.id)
        )
        return {unit.id: 0, **{key: moved.get(key, town) for key, town in rows}}
    if unit.kind is UnitKind.TOWNSHIP and (_have_left(unit, tree) or _have_come(unit, tree)):
        now = db.session.scalars(select(Unit.id).where(Unit.township_id == unit.id))
        then = {key for key in now if moved.get(key, unit.id) == unit.id} | _have_left(unit, tree)
        return {key: key for key in then}
    return None


def _have_left(unit: Unit, tree: Tree) -> set[int]:
    return {key for key, town in tree.moved.items() if town == unit.id}


def _have_come(unit: Unit, tree: Tree) -> set[int]:
    return {key for key in tree.moved if tree.past[key].township_id == unit.id}
