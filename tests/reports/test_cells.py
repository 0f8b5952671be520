"""The cells equal their facts after any history, on both engines."""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from portal.models.children import Absence, Child, SchoolClass
from portal.models.visits import Visit
from portal.services.children.files import rewrite_standing
from portal.services.reports import recompute
from portal.tenancy.columns import FOREVER
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import ParentRole, Side, VisitKind
from tests.conftest import owning
from tests.factories.county import County, add_child, add_person, build_county, writing

HISTORIES = 25
"""Random histories per engine and run; each of 20 transactions of 1 to 4 acts."""


class History:
    """One random history of a small county."""

    def __init__(self, session: Session, seed: int) -> None:
        self.random = random.Random(seed)
        self.session = session
        self.place: County = build_county(session, code=f"99{seed:04d}")
        self.person = add_person(session, self.place.county)
        for _n in range(6):
            self.new_child()

    def transaction(self) -> None:
        acts = [
            self.log, self.log, self.log, self.edit, self.back_date, self.void, self.remove, self.bulk_edit,
            self.re_child, self.new_child, self.drop_child, self.come_home, self.transfer, self.move_unit,
            self.open_class, self.move_stat,
        ]  # fmt: skip
        for _n in range(self.random.randint(1, 4)):
            self.random.choice(acts)()
            self.session.flush()
        self.session.expire_all()
        if self.random.random() < 0.15:
            self.session.rollback()
        else:
            self.session.commit()

    def _any(self, cls: type) -> object | None:
        rows = self.session.scalars(select(cls).where(cls.county_id == self.place.county.id)).all()
        return self.random.choice(rows) if rows else None

    def _day(self) -> date:
        return date(2024, 9, 1) + timedelta(days=self.random.randint(0, 330))

    def new_child(self) -> None:
        villages = [self.place.village_a1, self.place.village_a2, self.place.village_b1, None]
        village = self.random.choice(villages)
        school = self.random.choice([self.place.school_a, self.place.school_b, None])
        add_child(
            self.session,
            village=village,
            school=school if village is not None else self.place.school_a,
            away=self.random.choice([(ParentRole.FATHER,), tuple(ParentRole), ()]),
            since=self._day(),
        )

    def log(self) -> None:
        child = self._any(Child)
        if child is None:
            return
        self.session.add(
            Visit(
                public_id=uuid.uuid4(),
                entry_id=uuid.uuid4(),
                child=child,
                kind=self.random.choice([VisitKind.TALK, VisitKind.HOME_VISIT, VisitKind.CALL]),
                happened_on=self._day(),
                minutes=self.random.randint(1, 90),
                person_id=self.person.id,
                role=self.random.choice([Role.CLASS_TEACHER, Role.VOLUNTEER]),
                stat_unit=self.random.choice(self.place.leaves),
            )
        )

    def edit(self) -> None:
        if visit := self._any(Visit):
            visit.minutes += 5
            visit.kind = self.random.choice([VisitKind.TALK, VisitKind.HOME_VISIT])

    def back_date(self) -> None:
        if visit := self._any(Visit):
            visit.happened_on = self._day()

    def void(self) -> None:
        if visit := self._any(Visit):
            visit.voided_at = None if visit.voided_at else visit.logged_at

    def remove(self) -> None:
        if visit := self._any(Visit):
            self.session.delete(visit)

    def bulk_edit(self) -> None:
        self.session.execute(
            update(Visit)
            .where(Visit.county_id == self.place.county.id, Visit.minutes > 40)
            .values(minutes=Visit.minutes - 3, happened_on=self._day())
        )

    def re_child(self) -> None:
        visit, child = self._any(Visit), self._any(Child)
        if visit and child:
            visit.child = child

    def drop_child(self) -> None:
        if child := self._any(Child):
            self.session.execute(delete(Child).where(Child.id == child.id))

    def come_home(self) -> None:
        absence = self._any(Absence)
        if absence and absence.since < date(2025, 5, 1):
            absence.until = absence.since + timedelta(days=self.random.randint(1, 500))
            rewrite_standing(absence.child)

    def transfer(self) -> None:
        child = self._any(Child)
        if child is None:
            return
        old, new = child.school, self.random.choice([self.place.school_a, self.place.school_b])
        if old is not None and old is not new:
            for placement in child.placements:
                if placement.side is Side.SCHOOL:
                    placement.stat_unit = new
            child.school = new
            rewrite_standing(child)

    def move_unit(self) -> None:
        """A village goes to the other township: one UPDATE that cascades through child to record."""
        village = self.session.get_one(Unit, self.place.village_a2.id)
        towns = [self.place.town_a.id, self.place.town_b.id]
        target = self.random.choice(towns)
        self.session.execute(
            update(Unit).where(Unit.id == village.id).values(township_id=target, parent_id=target)
        )
        self.session.expire_all()

    def move_stat(self) -> None:
        if visit := self._any(Visit):
            visit.stat_unit = self.random.choice(self.place.leaves)

    def open_class(self) -> None:
        row = self._any(SchoolClass)
        if row is not None and self.random.random() < 0.5:
            row.pupils = self.random.randint(0, 50)
            row.until = self.random.choice([FOREVER, date(2025, 7, 1)])
            return
        self.session.add(
            SchoolClass(
                public_id=uuid.uuid4(),
                unit=self.place.school_a,
                grade=3,
                name="3年级1班",
                pupils=self.random.randint(0, 50),
                compulsory=True,
                since=date(2024, 9, 1),
                until=FOREVER,
            )
        )


@pytest.mark.parametrize("seed", range(5))
def test_cells_equal_their_facts_after_any_history(app: Flask, seed: int) -> None:
    with app.app_context(), writing() as session:
        for n in range(HISTORIES // 5):
            history = History(session, seed=seed * 100 + n)
            session.commit()
            for _t in range(20):
                history.transaction()
                assert recompute.check(session, history.place.county.id) == []


def test_a_lost_trigger_is_noticed(app: Flask, engine: str) -> None:
    table = "" if engine == "sqlite" else " ON visit"
    with owning(app) as connection:
        connection.execute(text(f"DROP TRIGGER cell_visit_cell_insert{table}"))
    with app.app_context(), writing() as session:
        history = History(session, seed=1)
        history.log()
        session.flush()
        county_id = history.place.county.id
    with app.app_context(), unscoped("test: the recompute", role="recompute") as session:
        differences = recompute.check(session, county_id)
        assert {one["cell"] for one in differences} == {"visit_cell"}
        recompute.rebuild(session, county_id)
        assert recompute.check(session, county_id) == []
