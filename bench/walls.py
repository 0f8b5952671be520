"""What both walls cost against none: a school's page and the county's page among 100,000 children.

Each measure is a whole transaction (begin, scope, one page of fifty rows in name order, end), walled and
bare in turn, so that whatever else the machine does falls on both. Bare is the same statement from the
owner of the tables, past the ORM's hooks.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, Select, create_engine, event, insert, select
from sqlalchemy.orm import Session

from portal.extensions import WRITES, db
from portal.models.children import Child
from portal.services.units import open_unit
from portal.tenancy.scope import Level, Scope, enter, unscoped
from portal.tenancy.units import Unit
from portal.tenancy.walls.context import _OWNER
from portal.terms import SchoolKind, Sex, UnitKind
from tests.conftest import LOGIN, make_app, migrate
from tests.services.postgresql import TemporaryPostgreSQL

CHILDREN = 100_000
TOWNSHIPS, VILLAGES, SCHOOLS = 25, 10, 2
PAGE = 50
ROUNDS = 60


def compare() -> None:
    """Print the ratios on both engines."""
    with tempfile.TemporaryDirectory() as folder:
        _compare("SQLite", f"sqlite:///{Path(folder) / 'walls.sqlite'}")
    with TemporaryPostgreSQL() as cluster:
        cluster.create_login(LOGIN)
        cluster.create_database("walls")
        _compare("PostgreSQL", str(cluster.url("walls")))


def _compare(engine: str, url: str) -> None:
    migrate(url)
    app = make_app(url)
    with app.app_context():
        with unscoped("bench: a county of 100,000 children") as session:
            county, school = _plant(session)
            session.commit()
        owner = _open_engine(app)
        if engine == "PostgreSQL":
            with owner.begin() as connection:
                connection.exec_driver_sql("ANALYZE")
        pages = {
            "school page": (Scope(Level.UNIT, school, county), Child.s_unit_id == school),
            "county page": (Scope(Level.COUNTY, county, county), Child.county_id == county),
        }
        for name, (scope, side) in pages.items():
            page = select(Child).where(side).order_by(Child.name_key, Child.id).limit(PAGE)
            walled, free = _in_turn(partial(_walled, scope, page), partial(_bare, owner, page))
            print(f"{engine}, {name}, both walls to none: x{walled / free:.2f} ({walled:.2f}, {free:.2f} ms)")
        owner.dispose()
        db.engine.dispose()


def _walled(scope: Scope, page: Select[tuple[Child]]) -> None:
    session = db.session.session_factory()
    enter(session, scope)
    with session:
        assert len(session.scalars(page).all()) == PAGE


def _bare(engine: Engine, page: Select[tuple[Child]]) -> None:
    with Session(engine) as session:
        assert len(session.scalars(page).all()) == PAGE


def _open_engine(app: Flask) -> Engine:
    """The owner's engine with a pool like the portal's own: whatever it asks, it is given."""
    engine = create_engine(app.config["SETTINGS"].owner_url)
    event.listen(engine, "connect", lambda connection, record: record.info.update({_OWNER: True}))
    return engine


def _in_turn(*works: Callable[[], None]) -> list[float]:
    """The median of each, in milliseconds; they take turns."""
    took: list[list[float]] = [[] for _work in works]
    with _only_reading():
        for number in range(ROUNDS + 5):
            for times, work in zip(took, works, strict=True):
                start = time.perf_counter()
                work()
                if number >= 5:
                    times.append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in took]


@contextmanager
def _only_reading() -> Iterator[None]:
    writes = WRITES.set(False)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        WRITES.reset(writes)


def _plant(session: Session) -> tuple[int, int]:
    """The county's id and the id of a school in its middle."""
    opened = date(2000, 1, 1)

    def place(kind: UnitKind, code: str, parent: Unit | None, **more: SchoolKind) -> Unit:
        return open_unit(session, code=code, name=code, kind=kind, parent=parent, opened_on=opened, **more)

    county = place(UnitKind.COUNTY, "990009", None)
    villages, schools = [], []
    for number in range(TOWNSHIPS):
        town = place(UnitKind.TOWNSHIP, f"990009{number + 1:03d}", county)
        villages += [place(UnitKind.VILLAGE, f"{town.code}{n + 1:03d}", town) for n in range(VILLAGES)]
        schools += [
            place(UnitKind.SCHOOL, f"990009-S{number * SCHOOLS + n}", town, school_kind=SchoolKind.PRIMARY)
            for n in range(SCHOOLS)
        ]
    rows = [_child(number, county, villages, schools) for number in range(CHILDREN)]
    for start in range(0, CHILDREN, 5000):
        session.execute(insert(Child), rows[start : start + 5000])
    return county.id, schools[len(schools) // 2].id


def _child(number: int, county: Unit, villages: list[Unit], schools: list[Unit]) -> dict[str, object]:
    """A child of its own township's school, every third one of another township's."""
    village = villages[number % len(villages)]
    town = number % len(villages) // VILLAGES
    school = schools[(town * SCHOOLS + number % SCHOOLS + (number % 3 == 0) * 7) % len(schools)]
    return {
        "case_no": f"B{number:07d}",
        "name": f"童{number}",
        "name_key": f"tong {number * 7919 % CHILDREN:06d}|t",
        "sex": Sex.FEMALE if number % 2 else Sex.MALE,
        "birth_date": date(2010, 1, 1) + timedelta(days=number % 4000),
        "village_id": village.id,
        "village_township_id": village.township_id,
        "school_id": school.id,
        "school_township_id": school.township_id,
        "county_id": county.id,
    }
