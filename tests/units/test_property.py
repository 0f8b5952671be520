"""Property: after any history of the tree, cells equal facts, spells tile time, every past day is known.

A history is a list of numbers; each act takes what it needs from them, so that every drawn history is one.
Days go forward, as they do for a county, and every act is asked of the services behind the wall.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.extensions import db
from portal.models.children import Child
from portal.models.units import UnitChange, UnitSpell
from portal.services.reports import recompute
from portal.services.units import changes
from portal.services.units.tree import tree_on
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import SchoolKind, UnitKind
from tests.acting import acting
from tests.factories.county import add_account, add_child, add_pairing, add_person, build_county, writing
from tests.factories.world import add_visit
from tests.units.conftest import everything

START = date(2025, 3, 3)
_numbers = itertools.count(1)
_counties = itertools.count(990100)
_LEAVES = (UnitKind.VILLAGE, UnitKind.SCHOOL)
ACTS = ("open", "rename", "move", "merge", "merge", "split", "close", "reopen")
Shape = dict[int, tuple[str, str, int | None]]


@dataclass
class History:
    """One county on its way through time, and what an observer wrote down at the end of each day."""

    app: Flask
    code: str
    patched: pytest.MonkeyPatch
    day: date = START
    seen: dict[date, Shape] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def live(self, numbers: list[int]) -> None:
        """Every number is a day's act; then the day is written down and some days pass."""
        for number in numbers:
            self._today()
            rest, act = divmod(number, len(ACTS))
            self._act(ACTS[act], rest)
            self.seen[self.day] = self.observe()
            self.day += timedelta(days=rest % 9)
        self._today()

    def _today(self) -> None:
        self.patched.setenv("PORTAL_TODAY", self.day.isoformat())

    def _act(self, name: str, n: int) -> None:
        on = max(self.day - timedelta(days=n % 3), self.day.replace(day=1))
        before, rows = self.observe(), self._everything()
        with self._acting() as actor:
            units = db.session.scalars(select(Unit).order_by(Unit.id)).all()
            try:
                change = getattr(self, f"_{name}")(actor, units, n, on)
            except (Refused, IndexError):
                return
            db.session.commit()
        self.done.append(name)
        if name == "merge" and n % 2:
            with self._acting() as actor:
                merged = db.session.scalars(select(UnitChange).where(UnitChange.public_id == change)).one()
                changes.undo(merged, actor=actor)
                db.session.commit()
            assert self._everything() == rows, "a merge taken back leaves everything as it was"
            self.done.append("undo")
        self._back_date(on, before, self.observe())
        self._records(n)

    def _back_date(self, on: date, before: Shape, after: Shape) -> None:
        """What the act changed today it changed on every day since it took effect."""
        for day in [day for day in self.seen if day >= on]:
            for key in {*before, *after}:
                if before.get(key) != after.get(key):
                    self.seen[day].pop(key, None)
                    if key in after:
                        self.seen[day][key] = after[key]

    @contextmanager
    def _acting(self) -> Iterator[Any]:
        with acting(self.app, f"office{self.code}") as actor:
            yield actor

    def _everything(self) -> Any:
        with self.app.app_context(), unscoped("test: reading everything") as session:
            return everything(session)

    @staticmethod
    def _named() -> dict[str, str]:
        n = next(_numbers)
        return {"name": f"新地{n}", "n": f"{n:05d}"}

    def _code(self, kind: UnitKind, n: str) -> str:
        if kind is UnitKind.SCHOOL:
            return f"{self.code}-N{n}"
        return f"{self.code}9{n[-2:]}" if kind is UnitKind.TOWNSHIP else f"{self.code}9{n}"

    def _open(self, actor: Any, units: list[Unit], n: int, on: date) -> uuid.UUID:
        above = _pick([u for u in units if u.kind in (UnitKind.COUNTY, UnitKind.TOWNSHIP)], n)
        kinds = (UnitKind.TOWNSHIP, UnitKind.SCHOOL) if above.kind is UnitKind.COUNTY else _LEAVES
        kind, new = kinds[n % 2], self._named()
        return changes.open_below(
            above, actor=actor, kind=kind, name=new["name"], code=self._code(kind, new["n"]), on=on,
            school_kind=SchoolKind.PRIMARY if kind is UnitKind.SCHOOL else None,
        ).public_id  # fmt: skip

    def _rename(self, actor: Any, units: list[Unit], n: int, on: date) -> uuid.UUID:
        unit = _pick(_below_county(units), n)
        new = self._named()
        code = self._code(unit.kind, new["n"]) if n % 2 else unit.code
        return changes.rename(unit, actor=actor, name=new["name"], code=code, on=on).public_id

    def _move(self, actor: Any, units: list[Unit], n: int, on: date) -> uuid.UUID:
        unit = _pick([u for u in units if u.kind in _LEAVES], n)
        to = _pick([u for u in units if u.kind is UnitKind.TOWNSHIP], n // 3)
        return changes.move(unit, actor=actor, to=to, on=on).public_id

    def _merge(self, actor: Any, units: list[Unit], n: int, on: date) -> uuid.UUID:
        unit = _pick(_below_county(units), n)
        into = _pick([u for u in units if u.kind is unit.kind and u.id != unit.id], n // 3)
        return changes.merge(unit, actor=actor, into=into, on=on).public_id

    def _split(self, actor: Any, units: list[Unit], n: int, on: date) -> uuid.UUID:
        unit, new = _pick(_below_county(units), n), self._named()
        if unit.kind is UnitKind.TOWNSHIP:
            pick = [u.code for u in units if u.parent_id == unit.id and u.id % 2]
        else:
            side = Child.village_id if unit.kind is UnitKind.VILLAGE else Child.school_id
            pick = [str(one) for one in db.session.scalars(select(Child.public_id).where(side == unit.id))][
                :1
            ]
        return changes.split(unit, actor=actor, name=new["name"], code=self._code(unit.kind, new["n"]),
                             pick=pick, on=on).public_id  # fmt: skip

    def _close(self, actor: Any, units: list[Unit], n: int, on: date) -> uuid.UUID:
        return changes.close(_pick(_below_county(units), n), actor=actor, on=on).public_id

    def _reopen(self, actor: Any, units: list[Unit], n: int, on: date) -> uuid.UUID:
        unit = _pick([u for u in units if u.closed_on is not None], n)
        return changes.reopen(unit, actor=actor, on=on).public_id

    def _records(self, n: int) -> None:
        """Life goes on: a visit and a pairing somewhere."""
        with self.app.app_context(), writing() as session:
            county = session.scalars(select(Unit).where(Unit.code == self.code)).one()
            children = session.scalars(
                select(Child).where(Child.county_id == county.id).order_by(Child.id)
            ).all()
            child = _pick(children, n)
            unit = child.village or child.school
            helper = add_person(session, unit)
            add_pairing(session, child, helper, unit, starts_on=self.day)
            add_visit(session, child, helper, unit, happened_on=self.day)

    def observe(self) -> Shape:
        """The open units of today: id → name, code, unit above."""
        with self.app.app_context(), unscoped("test: looking at the tree") as session:
            return {
                row.id: (row.name, row.code, row.parent_id)
                for row in _units(session, self.code)
                if row.is_open_on(self.day)
            }

    def prove(self) -> None:
        """Cells, spells, and the tree of every day that was written down."""
        with self.app.app_context(), unscoped("test: the oracle") as session:
            rows = _units(session, self.code)
            county = rows[0].county_id
            assert recompute.check(session, county) == []
            for unit in rows:
                spells = session.scalars(
                    select(UnitSpell).where(UnitSpell.unit_id == unit.id).order_by(UnitSpell.since)
                ).all()
                starts = [spell.since for spell in spells]
                ends = [spell.until for spell in spells]
                assert starts == ([unit.opened_on, *ends[:-1]] if spells else []), unit.name
            for day, shape in self.seen.items():
                tree = tree_on(session, county, day)
                then = {row.id: tree.of(row) for row in rows}
                found = {k: (t.name, t.code, t.parent_id) for k, t in then.items() if t.is_open}
                assert found == shape, (day, self.done)


def _pick(rows: list[Any], n: int) -> Any:
    if not rows:
        raise IndexError("nothing of the kind")
    return rows[n % len(rows)]


def _below_county(units: list[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.kind is not UnitKind.COUNTY]


def _units(session: Session, code: str) -> list[Unit]:
    county = session.scalars(select(Unit).where(Unit.code == code)).one()
    return list(session.scalars(select(Unit).where(Unit.county_id == county.id).order_by(Unit.id)))


@settings(
    max_examples=max(25, settings.default.max_examples // 100),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@example(numbers=[77, 587, 0, 0])  # a merge dated before the split of the day, taken back
@given(numbers=st.lists(st.integers(0, 9999), min_size=4, max_size=10))
def test_any_history_of_the_tree_is_true_to_its_days(app: Flask, numbers: list[int]) -> None:
    code = f"{next(_counties):06d}"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PORTAL_TODAY", START.isoformat())
        _found(app, code)
        history = History(app, code, patched)
        history.live(numbers)
        history.prove()


def test_a_long_history_does_every_act(app: Flask) -> None:
    """The property would prove little if most of what is drawn were refused."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PORTAL_TODAY", START.isoformat())
        _found(app, "990777")
        history = History(app, "990777", patched)
        history.live([n * 37 + 11 for n in range(40)])
        history.prove()
    assert {"open", "rename", "move", "merge", "undo", "split", "close"} <= set(history.done), history.done


def _found(app: Flask, code: str) -> None:
    with app.app_context(), writing() as session:
        place = build_county(session, code=code)
        add_account(session, Role.COMMITTEE_OFFICE, place.county, f"office{code}")
        homes = [(place.village_a1, place.school_a), (place.village_a1, place.school_b),
                 (place.village_a2, None), (place.village_b1, place.school_b), (None, place.school_a)]  # fmt: skip
        for village, school in homes:
            add_child(session, village=village, school=school)
