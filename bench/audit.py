"""What the audit's chain costs: a logged visit with and without it, twelve writers at once, verifying."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import date

from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy import event, select

from portal.extensions import WRITES, db
from portal.models.children import Child
from portal.services import audit, visits
from portal.services.audit import chain
from portal.services.audit.verify import verify
from portal.tenancy.actor import Actor
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.terms import Met, VisitKind
from tests.acting import acting
from tests.conftest import LOGIN, make_app, migrate
from tests.factories.county import add_account, build_county, writing
from tests.services.postgresql import TemporaryPostgreSQL

WRITERS = 12
EACH = 60
ROUNDS = 60


def _log(actor: Actor, child: uuid.UUID) -> float:
    start = time.perf_counter()
    visits.log_visit(
        actor=actor, entry_id=uuid.uuid4(), children=[child], kind=VisitKind.TALK,
        happened_on=date(2025, 6, 30), minutes=20, met=[Met.CHILD],
    )  # fmt: skip
    db.session.commit()
    return time.perf_counter() - start


def one_visit(app: Flask, username: str) -> None:
    """A visit logged and committed, in turn with the chain and without it; medians."""
    with acting(app, username) as actor:
        child = db.session.scalars(select(Child.public_id).where(Child.school_id == actor.unit.id)).first()
        took: dict[bool, list[float]] = {True: [], False: []}
        for number in range(2 * ROUNDS):
            sealed = number % 2 == 0
            if not sealed:
                event.remove(Session, "before_commit", chain._seal)
            took[sealed].append(_log(actor, child))
            if not sealed:
                db.session.info.pop(chain.PENDING, None)
                event.listen(Session, "before_commit", chain._seal)
        with_it, without = (sorted(took[sealed])[ROUNDS // 2] * 1000 for sealed in (True, False))
    print(
        f"a logged visit with its audit line {with_it:.1f} ms, without {without:.1f} ms: x{with_it / without:.2f}"
    )


def twelve_writers() -> None:
    """Lines a second on PostgreSQL, one line per transaction: all in one county, then in twelve."""
    with TemporaryPostgreSQL() as cluster:
        cluster.create_login(LOGIN)
        cluster.create_database("audit")
        migrate(str(cluster.url("audit")))
        app = make_app(str(cluster.url("audit")))
        with app.app_context(), writing() as session:
            for number in range(WRITERS):
                county = build_county(session, f"99{number:04d}", f"县{number}")
                for writer in range(WRITERS if number == 0 else 1):
                    add_account(session, Role.SCHOOL_COORDINATOR, county.school_a, f"w{number}_{writer}")
        for words, names in (
            ("one county", [f"w0_{n}" for n in range(WRITERS)]),
            ("twelve counties", [f"w{n}_0" for n in range(WRITERS)]),
        ):
            start = time.perf_counter()
            threads = [threading.Thread(target=_write, args=(app, name)) for name in names]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
            rate = WRITERS * EACH / (time.perf_counter() - start)
            print(f"PostgreSQL, {WRITERS} writers in {words}: {rate:.0f} transactions with a line a second")
        with app.app_context(), unscoped("bench: verifying the audit") as session:
            start = time.perf_counter()
            verdicts = verify(session)
            lines = sum(one.lines for one in verdicts)
            assert not any(one.broken for one in verdicts)
            print(f"verify: {lines / (time.perf_counter() - start):.0f} lines a second")
        with app.app_context():
            db.engine.dispose()


def _write(app: Flask, username: str) -> None:
    WRITES.set(True)
    with acting(app, username) as actor:
        for number in range(EACH):
            audit.record(actor, "registers:roster:receive", details={"done": number})
            db.session.commit()
