"""What the clock gives away: a thing of another county against one that does not exist, a known login against an
unknown one. 300 pairs in turns on both engines; aims: medians within 5 ms and within 10 ms (security.md T5).
"""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from bench.engines import analyze, on_both_engines
from bench.planting import plant
from portal.extensions import db
from portal.models.accounts import SignInFailure, Throttle
from portal.models.children import Child
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from tests.clients import sign_in
from tests.conftest import make_app, migrate
from tests.factories.county import add_account
from tests.factories.world import build_world

PAIRS = 300
FOREIGN_CHILDREN = 20_000


def compare() -> None:
    """Print the differences on both engines. Alone: `python -m bench oracles`."""
    on_both_engines("oracles", _compare)


def _compare(engine: str, url: str) -> None:
    migrate(url)
    app = make_app(url)
    with app.app_context(), unscoped("bench: a county with a large neighbour") as session:
        world = build_world(session)
        county, schools = plant(session, children=FOREIGN_CHILDREN, townships=10)
        add_account(session, Role.SCHOOL_COORDINATOR, world.near.school_a, "school_of_the_bench")
        foreign = [str(one) for one in session.scalars(db.select(Child.public_id).where(
            Child.county_id == county.id).limit(PAIRS))]  # fmt: skip
        codes = [one.code for one in schools]
        session.commit()
    analyze(url)
    client = sign_in(app, "school_of_the_bench")
    _files(engine, client, foreign)
    _places(engine, client, codes)
    _logins(engine, app)
    with app.app_context():
        db.engine.dispose()


def _files(engine: str, client: FlaskClient, foreign: list[str]) -> None:
    def ask(number: int, there: bool) -> None:
        assert client.get(f"/children/{foreign[number] if there else uuid.uuid4()}/").status_code == 404

    _print(engine, "a child's file, another county's to none", ask)


def _places(engine: str, client: FlaskClient, codes: list[str]) -> None:
    def ask(number: int, there: bool) -> None:
        code = codes[number % len(codes)] if there else f"990009-X{number % len(codes)}"
        assert client.get(f"/units/{code}/children/").status_code == 404

    _print(engine, "a school's list, another county's to none", ask)


def _logins(engine: str, app: Flask) -> None:
    """A wrong password each time; what counts the tries is emptied before each, so that nobody is locked out."""

    def ask(number: int, there: bool) -> None:
        typed = {
            "username": "school_of_the_bench" if there else "nobody_of_the_bench",
            "password": "错错错错错错",
        }
        assert app.test_client().post("/login", data=typed).status_code == 400

    def forget() -> None:
        with app.app_context(), unscoped("bench: no try is held against anybody") as session:
            session.execute(delete(SignInFailure))
            session.execute(delete(Throttle))
            session.commit()

    _print(engine, "a wrong password, known account to unknown", ask, before=forget)


def _print(
    engine: str, what: str, ask: Callable[[int, bool], None], before: Callable[[], None] = lambda: None
) -> None:
    """The difference of the medians; which of a pair comes first changes from turn to turn."""
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(-5, PAIRS):
        for there in (number % 2 == 0, number % 2 != 0):
            before()
            start = time.perf_counter()
            ask(max(number, 0), there)
            if number >= 0:
                took[there].append((time.perf_counter() - start) * 1000)
    one, other = statistics.median(took[True]), statistics.median(took[False])
    print(f"{engine}, {what}: {one - other:+.2f} ms ({one:.2f}, {other:.2f} ms)")
