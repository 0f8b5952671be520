"""The board: rings for a posted job once its transaction has committed.

With REDIS_URL the bell is an RQ queue and a worker comes; without it a thread of this process does the
work. Either way the row is the record: `flask cron` rings again for jobs whose bell was not heard.
"""

from __future__ import annotations

import logging
import threading
from queue import SimpleQueue
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy.session import Session
from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import event

from portal.extensions import db
from portal.models.jobs import Job
from portal.services import jobs
from portal.tenancy.actor import Actor

QUEUE = "portal"
_POSTED = "portal.posted"
_log = logging.getLogger(__name__)


def post(kind: str, *, actor: Actor, **arguments: Any) -> Job:
    """Post a job in the transaction at hand. The bell goes when it commits, and not if it rolls back."""
    job = jobs.post(kind, actor=actor, **arguments)
    db.session().info.setdefault(_POSTED, []).append(job.id)
    return job


def find_for(**argument: str) -> Job | None:
    """The newest job with this argument, for showing its progress."""
    return jobs.find_for(**argument)


@event.listens_for(Session, "after_commit")
def _ring(session: Session) -> None:
    for job_id in session.info.pop(_POSTED, []):
        ring(job_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_POSTED, None)


def queue_of(app: Flask) -> Queue | None:
    """The RQ queue of this installation, or None when jobs run in process."""
    url = app.config["SETTINGS"].REDIS_URL
    if not url:
        return None
    return Queue(QUEUE, connection=Redis.from_url(url), serializer=JSONSerializer)


def ring(job_id: int) -> None:
    """Call a worker for the job. A bell that is out of order is logged: the row waits for the next round."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    queue = queue_of(app)
    if queue is None:
        _in_process(app).put(job_id)
        return
    try:
        queue.enqueue("portal.jobs.runner.work", job_id, job_timeout=3600, result_ttl=0, failure_ttl=86400)
    except RedisError as error:
        _log.warning("job %s waits: the queue does not answer (%s)", job_id, error)


def _in_process(app: Flask) -> SimpleQueue[int]:
    """The one worker thread of this process, started with the first job."""
    if "portal.jobs" not in app.extensions:
        waiting: SimpleQueue[int] = SimpleQueue()
        app.extensions["portal.jobs"] = waiting
        threading.Thread(target=_serve, args=(app, waiting), name="portal-jobs", daemon=True).start()
    queue: SimpleQueue[int] = app.extensions["portal.jobs"]
    return queue


def _serve(app: Flask, waiting: SimpleQueue[int]) -> None:
    from portal.jobs.runner import run

    while True:
        job_id = waiting.get()
        with app.app_context():
            run(job_id)
