"""Lists of children: the hundredth page to the first, and what a page asks of the database.

A school of 1,126 pupils (its last page, the twenty-third) and a township in a county of 45,000 children, on both
engines; the two pages of a pair take turns.
"""

from __future__ import annotations

import statistics
import time
from functools import partial

from flask import Flask
from sqlalchemy import event

from bench.engines import analyze, on_both_engines
from bench.planting import plant
from portal.extensions import db
from portal.services import units
from portal.services.children import listing
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.terms import Side
from tests.acting import acting
from tests.clients import sign_in
from tests.conftest import make_app, migrate
from tests.factories.county import add_account

CHILDREN, TOWNSHIPS = 45_000, 8
PUPILS = 1_126
HUNDREDTH = 99
"""Pages turned over to stand on the hundredth."""
ROUNDS = 60


def compare() -> None:
    """Print the ratios for both engines."""
    on_both_engines("lists", _compare)


def _compare(engine: str, url: str) -> None:
    migrate(url)
    app = make_app(url)
    with app.app_context(), unscoped("bench: a county of 45,000 children and a large school") as session:
        _county, schools = plant(session, children=CHILDREN, townships=TOWNSHIPS)
        town = schools[0].parent_id
        wide = session.get_one(type(schools[0]), town)
        _other, large = plant(session, children=PUPILS * 2, townships=1, code="990008")
        add_account(session, Role.TOWNSHIP_COORDINATOR, wide, "town_of_the_bench")
        add_account(session, Role.SCHOOL_COORDINATOR, large[0], "school_of_the_bench")
        codes = {"town": wide.code, "school": large[0].code}
        session.commit()
    analyze(url)
    for name, code in codes.items():
        _pair(engine, app, name, code)
    with app.app_context():
        db.engine.dispose()


def _pair(engine: str, app: Flask, name: str, code: str) -> None:
    with acting(app, f"{name}_of_the_bench") as actor:
        unit = units.get_unit(actor, code)
        side, last, turned = listing.side_of(unit, Side.VILLAGE), None, 0
        while turned < HUNDREDTH:
            page = listing.list_children(unit, actor=actor, side=side, after=last)
            if page.next_key is None:
                break
            last, turned = page.next_key, turned + 1
        ask = partial(listing.list_children, unit, actor=actor, side=side)
        first, later = [], []
        for _n in range(ROUNDS):
            for kept, key in ((first, None), (later, last)):
                start = time.perf_counter()
                ask(after=key)
                kept.append((time.perf_counter() - start) * 1000)
    one, other = statistics.median(first), statistics.median(later)
    print(
        f"{engine}, list of the {name}, page {turned + 1} to page 1: x{other / one:.2f} ({other:.1f}, {one:.1f} ms)"
    )
    print(f"{engine}, page of the {name}’s children: {_statements(app, name, code)} statements")


def _statements(app: Flask, name: str, code: str) -> int:
    client, sent = sign_in(app, f"{name}_of_the_bench"), []
    with app.app_context():

        def note(*arguments: object) -> None:
            if not str(arguments[2]).lstrip().startswith(("BEGIN", "SELECT set_config", "SET ")):
                sent.append(arguments[2])

        event.listen(db.engine, "before_cursor_execute", note)
        assert client.get(f"/units/{code}/children/").status_code == 200
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)
