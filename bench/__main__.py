"""`make bench`: every figure it prints was measured in this run. The full demo county on SQLite; lists, walls and
oracles on both engines. `python -m bench walls` measures one part alone."""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from pathlib import Path

os.environ["PORTAL_TODAY"] = "2025-06-30"

from flask import Flask
from sqlalchemy import event, text

from bench import audit, lists, oracles, walls
from portal.cli.seed import DEMO_PASSWORD
from portal.extensions import db
from portal.services import units
from portal.services.children import listing
from portal.services.registers import batches
from portal.services.reports import periods
from portal.services.reports.rollup import roll_up
from portal.tenancy.scope import unscoped
from portal.terms import Basis, Side
from tests.acting import acting
from tests.clients import sign_in
from tests.conftest import make_app, migrate, seed
from tests.factories.rosters import large_roster

TERM = "2024-2025-2"
LIVE = """
SELECT stat_township_id, COUNT(*), COUNT(DISTINCT child_id),
       SUM(CASE WHEN kind = 'home_visit' THEN 1 ELSE 0 END), SUM(minutes)
FROM visit WHERE voided_at IS NULL AND happened_on BETWEEN '2025-02-01' AND '2025-08-31'
GROUP BY stat_township_id
"""


def median(work: Callable[[], object], rounds: int = 15) -> float:
    """The median of several runs, in milliseconds."""
    took = []
    for _n in range(rounds):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


@contextmanager
def counted() -> object:
    """The statements a block sends."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def rosters(app: Flask) -> None:
    """1,126 new rows: the preview's work, then the filing."""
    book = large_roster(1126, villages=["云溪村", "沙坝村", "大坪村"])
    for name, write in (("preview", False), ("commit", True), ("the same file again", True)):
        with acting(app, "coord_s01") as actor:
            unit = units.get_unit(actor, actor.unit.code)
            start = time.perf_counter()
            batches.import_file(
                db.session(), actor=actor, unit=unit, file_name="r.xlsx", data=book,
                as_of=date(2025, 6, 30), write=write,
            )  # fmt: skip
            db.session.commit()
            print(f"roster of 1,126 rows, {name}: {time.perf_counter() - start:.1f} s")


def reading(app: Flask) -> None:
    """The roll-up against live SQL, the page's queries, and the list's first against its last page."""
    with acting(app, "county01") as actor:
        unit = units.get_unit(actor, "999901")
        period = periods.parse(TERM)
        cells = median(lambda: roll_up(unit, actor=actor, period=period, basis=Basis.WIDE))
    with app.app_context(), unscoped("bench: live SQL") as session:
        live = median(lambda: session.execute(text(LIVE)).all())
    print(f"whole roll-up from cells {cells:.1f} ms; five of its sums by live SQL {live:.1f} ms")
    client = sign_in(app, "county01", DEMO_PASSWORD)
    with app.app_context(), counted() as sent:
        assert client.get("/units/999901/reports/").status_code == 200
        print(f"roll-up page: {len(sent)} queries")
    page = median(lambda: client.get("/units/999901/reports/"))
    print(f"roll-up page, all of it: {page:.0f} ms")
    with acting(app, "town_t2") as actor:
        unit = units.get_unit(actor, "999901002")
        last = None
        while (page_now := listing.list_children(unit, actor=actor, side=Side.VILLAGE, after=last)).next_key:
            last = page_now.next_key
        one = median(lambda: listing.list_children(unit, actor=actor, side=Side.VILLAGE))
        end = median(lambda: listing.list_children(unit, actor=actor, side=Side.VILLAGE, after=last))
    print(f"list of children, last page to first: x{end / one:.2f}")


def writing(app: Flask) -> None:
    """What the triggers cost a logged visit."""
    insert = text(
        "INSERT INTO visit (public_id, entry_id, kind, happened_on, minutes, met_list, topic_list, note,"
        " worry, person_id, role, logged_at, void_reason, child_id, v_unit_id, v_town_id, s_unit_id,"
        " s_town_id, county_id, stat_unit_id, stat_township_id, stat_county_id)"
        " SELECT lower(hex(randomblob(16))), lower(hex(randomblob(16))), kind, happened_on, minutes, met_list,"
        " topic_list, note, worry, person_id, role, logged_at, void_reason, child_id, v_unit_id, v_town_id,"
        " s_unit_id, s_town_id, county_id, stat_unit_id, stat_township_id, stat_county_id FROM visit LIMIT 500"
    )
    with app.app_context(), unscoped("bench: the cost of the triggers") as session:

        def insert_500() -> None:
            session.execute(insert)
            session.rollback()

        kept = median(insert_500, rounds=7)
        for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.commit()
        bare = median(insert_500, rounds=7)
    print(f"500 visits with cells {kept:.0f} ms, without {bare:.0f} ms: x{kept / bare:.1f}")


def county() -> None:
    """Build the full demo county once and measure reading, rosters, memory and writing."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'full.sqlite'}"
        migrate(url)
        start = time.perf_counter()
        seed(url, "full")
        print(f"flask seed demo --profile full: {time.perf_counter() - start:.0f} s")
        app = make_app(url)
        reading(app)
        rosters(app)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"memory of this process at its highest (seeding and importing included): {memory:.0f} MB")
        audit.one_visit(app, "coord_s01")
        writing(app)


PARTS = {"county": county, "audit": audit.twelve_writers, "lists": lists.compare, "walls": walls.compare,
         "oracles": oracles.compare}  # fmt: skip

if __name__ == "__main__":
    asked = sys.argv[1:] or list(PARTS)
    if set(asked) - set(PARTS):
        sys.exit(f"python -m bench [{' | '.join(PARTS)}]")
    for one in asked:
        PARTS[one]()
