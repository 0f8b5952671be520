"""What both walls cost against none, among 100,000 children: a page as it is served, and one bare statement.

A page is a request through the test client, a statement a whole transaction (begin, scope, fifty rows in name
order, end). Walled and bare take turns, so that whatever else the machine does falls on both. Bare is the
owner of the tables with a pool like the portal's own and the hooks of the walls taken off; a page must be
the same bytes either way.
"""

from __future__ import annotations

import gc
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy.session import Session
from sqlalchemy import Engine, Select, event, select
from sqlalchemy.orm import Session as Plain
from sqlalchemy.pool import ConnectionPoolEntry

from bench.engines import on_both_engines
from bench.planting import plant
from portal.app import create_app
from portal.config import Settings
from portal.extensions import WRITES, db
from portal.models.children import Child
from portal.tenancy.roles import Role
from portal.tenancy.scope import Level, Scope, enter, unscoped
from portal.tenancy.walls import context, orm
from tests.clients import sign_in
from tests.conftest import SECRET, make_app, migrate
from tests.factories.county import add_account

CHILDREN = 100_000
PAGE = 50
PAGES, STATEMENTS = 60, 150
"""Turns of each."""
_TOKEN = re.compile(rb'name="csrf_token" value="[^"]+"|[?&]after=[^"&]+')
"""What is another each time it is written: a form's token, a sealed cursor."""
HOOKS = (
    ("do_orm_execute", orm.cut_reads),
    ("before_flush", orm.refuse_foreign_writes),
    ("after_begin", context.give),
)


def compare() -> None:
    """Print the ratios on both engines. Alone: `python -m bench walls`."""
    on_both_engines("walls", _compare)


def _compare(engine: str, url: str) -> None:
    migrate(url)
    app, free_app = make_app(url), _without_walls(url)
    with app.app_context(), unscoped("bench: a county of 100,000 children") as session:
        county, schools = plant(session, children=CHILDREN, townships=25)
        school = schools[len(schools) // 2]
        add_account(session, Role.SCHOOL_COORDINATOR, school, "school_of_the_bench")
        add_account(session, Role.COMMITTEE_OFFICE, county, "county_of_the_bench")
        places = {"school": (school.id, school.code), "county": (county.id, county.code)}
        session.commit()
    with free_app.app_context():
        free = db.engine
    if engine == "PostgreSQL":
        with free.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    _pages(engine, app, free_app, {name: code for name, (_id, code) in places.items()})
    with app.app_context():
        _statements(engine, free, {name: number for name, (number, _code) in places.items()})
        db.engine.dispose()
    free.dispose()


def _pages(engine: str, app: Flask, free_app: Flask, codes: dict[str, str]) -> None:
    """A school's list of children and the county's roll-up, as they are served."""
    for name, address in (("school", "children/"), ("county", "reports/")):
        asks = []
        for served in (app, free_app):
            client = sign_in(served, f"{name}_of_the_bench")
            asks.append(partial(_ask, client, f"/units/{codes[name]}/{address}"))
        walled, free = asks
        with _no_hooks():
            bare = free()
        assert _TOKEN.sub(b"", walled()) == _TOKEN.sub(b"", bare), "the same page either way"
        _print(engine, f"page {name}/{address}", *_in_turn(walled, free, rounds=PAGES))


def _ask(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status, answer.location)
    return answer.data


def _statements(engine: str, free: Engine, ids: dict[str, int]) -> None:
    """Fifty children in name order, asked of the session and of nothing else."""
    school, county = ids["school"], ids["county"]
    asked = {
        "school": (Scope(Level.UNIT, school, county), Child.s_unit_id == school),
        "county": (Scope(Level.COUNTY, county, county), Child.county_id == county),
    }
    for name, (scope, side) in asked.items():
        page = select(Child).where(side).order_by(Child.name_key, Child.id).limit(PAGE)
        works = partial(_walled, scope, page), partial(_bare, free, page)
        _print(engine, f"bare statement of the {name}", *_in_turn(*works, rounds=STATEMENTS))


def _print(engine: str, what: str, walled: list[float], free: list[float]) -> None:
    """The ratio of the medians, and the middle half of the ratios of neighbouring turns."""
    ratios = [one / other for one, other in zip(walled, free, strict=True)]
    low, _middle, high = statistics.quantiles(ratios, n=4)
    one, other = statistics.median(walled), statistics.median(free)
    print(
        f"{engine}, {what}, both walls to none: x{one / other:.2f}"
        f" (half of the turns x{low:.2f}-x{high:.2f}; {one:.2f}, {other:.2f} ms)"
    )


def _without_walls(url: str) -> Flask:
    """The application signed in as the owner of the tables, in no role and behind no view."""
    app = create_app(Settings(SECRET_KEY=SECRET, DATABASE_URL=url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        event.listen(db.engine, "do_connect", _in_no_role)
        event.listen(db.engine, "connect", _as_the_owner)
    return app


def _in_no_role(_dialect: object, _record: object, _arguments: object, named: dict[str, object]) -> None:
    named.pop("options", None)


def _as_the_owner(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[context._OWNER] = True


@contextmanager
def _no_hooks() -> Iterator[None]:
    """None of the walls' hooks is called."""
    for name, hook in HOOKS:
        event.remove(Session, name, hook)
    try:
        yield
    finally:
        for name, hook in HOOKS:
            event.listen(Session, name, hook)


def _walled(scope: Scope, page: Select[tuple[Child]]) -> None:
    session = db.session.session_factory()
    enter(session, scope)
    with session:
        assert len(session.scalars(page).all()) == PAGE


def _bare(engine: Engine, page: Select[tuple[Child]]) -> None:
    with Plain(engine) as session:
        assert len(session.scalars(page).all()) == PAGE


def _in_turn(walled: Callable[[], object], free: Callable[[], object], *, rounds: int) -> list[list[float]]:
    """How long each took, in milliseconds; they take turns, and the first five do not count."""
    took: list[list[float]] = [[], []]
    with _only_reading():
        for number in range(rounds + 5):
            took[0].append(_timed(walled))
            with _no_hooks():
                took[1].append(_timed(free))
            if number == 4:
                took = [[], []]
    return took


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


@contextmanager
def _only_reading() -> Iterator[None]:
    writes = WRITES.set(False)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        WRITES.reset(writes)
