"""The runner: claims a job row, acts as the member who posted it, and writes down how it went."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from portal.config import now
from portal.errors import PortalError, Refused, without_words
from portal.extensions import WRITES, db
from portal.jobs import census, copies, moves, rosters
from portal.models.jobs import Job
from portal.services.accounts import actors
from portal.services.jobs import SILENT_FOR
from portal.tenancy.actor import Actor
from portal.tenancy.scope import Level, Scope, enter, unscoped
from portal.terms import JobState

Work = Callable[..., None]

KINDS: dict[str, Work] = {
    "children.bring_back": moves.bring_back,
    "children.census": census.make_lists,
    "children.copy": copies.make,
    "children.join": census.join,
    "children.match": census.find_matches,
    "children.part": census.part,
    "children.promote": moves.promote,
    "children.recount": moves.recount,
    "children.transfer": moves.transfer,
    "registers.read": rosters.read,
    "registers.commit": rosters.commit,
}
"""Job kind → function of (actor, progress, arguments)."""

COUNTY_WIDE = frozenset(
    {"children.bring_back", "children.copy", "children.join", "children.match", "children.part"}
)
"""Kinds that carry out, in the scope of the county, what two units have agreed on or nobody sees whole."""

_log = logging.getLogger(__name__)


def work(job_id: int) -> None:
    """What an RQ worker calls, in a process forked from `flask worker`: connections are not shared."""
    db.engine.dispose(close=False)
    run(job_id)


def run(job_id: int) -> None:
    """Run one job to its end. Never raises: the outcome stands in the row.

    Safe to call twice: a job is claimed by one UPDATE that only one caller wins, unless its worker has
    fallen silent.
    """
    WRITES.set(True)
    claimed = _claim(job_id)
    if claimed is None:
        return
    kind, arguments, membership_id = claimed
    db.session.remove()
    try:
        actor = actors.find_actor_of_membership(membership_id)
        if actor is None:
            raise Refused("the membership that posted this job has ended")
        enter(db.session(), _scope(kind, actor))
        KINDS[kind](actor=actor, progress=_progress(job_id), **arguments)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        _log.error("job %s (%s) failed\n%s", job_id, kind, without_words(error))
        _finish(job_id, JobState.FAILED, str(error) if isinstance(error, PortalError) else "")
    else:
        _finish(job_id, JobState.DONE, "")
    finally:
        db.session.remove()


def _scope(kind: str, actor: Actor) -> Scope:
    county = actor.unit.county_id
    return Scope(Level.COUNTY, county, county) if kind in COUNTY_WIDE else actor.scope


def _claim(job_id: int) -> tuple[str, dict[str, Any], int] | None:
    with unscoped("job: claiming a row of the queue") as session:
        lost = (Job.state == JobState.RUNNING) & (Job.beat_at < now() - SILENT_FOR)
        won = session.execute(
            update(Job)
            .where(Job.id == job_id, (Job.state == JobState.WAITING) | lost)
            .values(state=JobState.RUNNING, started_at=now(), beat_at=now(), attempts=Job.attempts + 1)
        )
        row = session.execute(
            select(Job.kind, Job.arguments, Job.membership_id).where(Job.id == job_id)
        ).one_or_none()
        session.commit()
        return tuple(row) if row is not None and won.rowcount == 1 else None  # type: ignore[attr-defined]


def _progress(job_id: int) -> Callable[[int, int], None]:
    """A function of (done, total) that leaves the sign of life the reader sees."""

    def progress(done: int, total: int) -> None:
        with unscoped("job: progress") as session:
            session.execute(update(Job).where(Job.id == job_id).values(done=done, total=total, beat_at=now()))
            session.commit()

    return progress


def _finish(job_id: int, state: JobState, message: str) -> None:
    with unscoped("job: writing down the outcome") as session:
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(state=state, message=message[:300], finished_at=now(), beat_at=now())
        )
        session.commit()
