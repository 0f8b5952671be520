"""Jobs as rows: posting work, reading its progress, and the steps a runner takes."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now
from portal.extensions import db
from portal.models.jobs import Job
from portal.tenancy.actor import Actor
from portal.tenancy.units import Unit
from portal.terms import JobState

SILENT_FOR = timedelta(minutes=2)
"""A running job that gives no sign of life for so long has lost its worker."""

ATTEMPTS = 5


def post(kind: str, *, actor: Actor, total: int = 0, **arguments: Any) -> Job:
    """Write the job in the transaction of the act that asks for it. Arguments: ids and ISO dates only."""
    job = Job(
        public_id=uuid.uuid4(),
        kind=kind,
        arguments=arguments,
        membership_id=actor.membership_row,
        unit=db.session.get_one(Unit, actor.unit.id),
        state=JobState.WAITING,
        total=total,
        created_at=now(),
    )
    db.session.add(job)
    db.session.flush()
    return job


def find_for(**argument: str) -> Job | None:
    """The newest job of the reader's scope that has this one argument."""
    [(key, value)] = argument.items()
    rows = db.session.scalars(select(Job).order_by(Job.id.desc()).limit(50))
    return next((job for job in rows if job.arguments.get(key) == value), None)


def list_lost(session: Session) -> list[Job]:
    """Waiting jobs nobody was rung for and running ones whose worker fell silent. For system sessions."""
    border = now() - SILENT_FOR
    return list(
        session.scalars(
            select(Job)
            .where(
                ((Job.state == JobState.WAITING) & (Job.created_at < border))
                | ((Job.state == JobState.RUNNING) & (Job.beat_at < border)),
                Job.attempts < ATTEMPTS,
            )
            .order_by(Job.id)
        )
    )
