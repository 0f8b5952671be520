"""Heavy work: the row is the record; a thread or a real RQ worker does it, and a lost bell rings again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from portal.config import ROOT, now
from portal.extensions import db
from portal.jobs import board, runner
from portal.jobs.schedule import ring_again
from portal.models.children import Child
from portal.models.jobs import Job
from portal.models.registers import ImportBatch
from portal.services import units
from portal.services.jobs import SILENT_FOR
from portal.services.registers import batches
from portal.tenancy.memberships import Membership
from portal.tenancy.scope import unscoped
from portal.terms import ImportState, JobState
from tests.acting import acting
from tests.conftest import SECRET, TODAY, make_app
from tests.services.redis_server import TemporaryRedis

SAMPLE = ROOT / "samples" / "roster-sample.xlsx"


def bring(app: Flask, *, ring: bool = True) -> int:
    """The coordinator of S09 uploads the sample; returns the id of the reading job."""
    with acting(app, "coord_s09") as actor:
        batch = batches.receive(
            actor=actor,
            unit=units.get_unit(actor, actor.unit.code),
            file_name="花名册.xlsx",
            data=SAMPLE.read_bytes(),
            as_of=date(2025, 6, 30),
        )
        job = board.post("registers.read", actor=actor, batch=str(batch.public_id))
        if not ring:
            db.session().info.pop("portal.posted")
        job_id = job.id
        db.session.commit()
        return job_id


def confirm(app: Flask) -> int:
    """She confirms the preview; returns the id of the filing job."""
    with acting(app, "coord_s09") as actor:
        batch = db.session.scalars(select(ImportBatch)).one()
        batches.confirm(batch, actor=actor)
        job = board.post("registers.commit", actor=actor, batch=str(batch.public_id))
        job_id = job.id
        db.session.commit()
        return job_id


def state_of(app: Flask, job_id: int) -> Job:
    with app.app_context(), unscoped("test: looking at a job") as session:
        job = session.get_one(Job, job_id)
        session.expunge(job)
        return job


def wait_for(app: Flask, job_id: int) -> Job:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = state_of(app, job_id)
        if job.state in (JobState.DONE, JobState.FAILED):
            return job
        time.sleep(0.05)
    raise AssertionError(f"job {job_id} did not end: {state_of(app, job_id).state}")


def look(app: Flask) -> ImportBatch:
    with app.app_context(), unscoped("test: looking at a batch") as session:
        batch = session.scalars(select(ImportBatch).options(undefer(ImportBatch.content_sealed))).one()
        session.expunge(batch)
        return batch


def test_without_redis_a_thread_of_this_process_reads_and_files(demo_app: Flask) -> None:
    job = wait_for(demo_app, bring(demo_app))
    assert (job.state, job.done, job.total) == (JobState.DONE, 130, 130)
    batch = look(demo_app)
    assert batch.state is ImportState.PREVIEWED
    assert (batch.summary["new"], batch.summary["refused"]) == (120, 10)
    assert wait_for(demo_app, confirm(demo_app)).state is JobState.DONE
    assert look(demo_app).state is ImportState.COMMITTED


def test_a_batch_keeps_names_sealed_and_gives_the_refused_rows_back(demo_app: Flask) -> None:
    wait_for(demo_app, bring(demo_app))
    with acting(demo_app, "coord_s09") as actor:
        batch = db.session.scalars(select(ImportBatch)).one()
        assert "秦春苗" not in str(batch.summary)
        assert batch.content_sealed is not None
        assert "秦春苗".encode() not in batch.content_sealed
        shown = batches.preview_of(batch)
        assert shown["new"][0]["name"] == "秦春苗"
        assert shown["refused"][0] | {"reason": "id_checksum", "row": 131} == shown["refused"][0]
        assert batches.refused_rows(batch, actor=actor)[:2] == b"PK"


def redis_app(demo_app: Flask, redis_server: TemporaryRedis) -> Flask:
    return make_app(demo_app.config["SQLALCHEMY_DATABASE_URI"], REDIS_URL=str(redis_server.url))


def work(app: Flask, redis_server: TemporaryRedis) -> subprocess.CompletedProcess[bytes]:
    """A real worker process takes what is in the queue and stops."""
    environment = os.environ | {
        "FLASK_APP": "wsgi",
        "SECRET_KEY": SECRET,
        "PORTAL_TODAY": TODAY,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "REDIS_URL": str(redis_server.url),
    }
    command = [sys.executable, "-m", "flask", "worker", "--burst"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)


def test_with_redis_a_real_worker_does_the_work(demo_app: Flask, redis_server: TemporaryRedis) -> None:
    app = redis_app(demo_app, redis_server)
    job_id = bring(app)
    assert state_of(app, job_id).state is JobState.WAITING
    work(app, redis_server)
    assert state_of(app, job_id).state is JobState.DONE
    assert look(app).state is ImportState.PREVIEWED


def test_with_redis_down_the_upload_is_kept_and_done_later(
    demo_app: Flask, redis_server: TemporaryRedis
) -> None:
    app = redis_app(demo_app, redis_server)
    redis_server.stop()
    job_id = bring(app)
    redis_server.start()
    age(app, job_id)
    with app.app_context():
        assert ring_again() == 1
    work(app, redis_server)
    assert state_of(app, job_id).state is JobState.DONE


def age(app: Flask, job_id: int, **changes: object) -> None:
    """Make the job older than a living worker would leave it."""
    past = now() - SILENT_FOR - timedelta(seconds=1)
    with app.app_context(), unscoped("test: ageing a job") as session:
        values = {"created_at": past, "beat_at": past} | changes
        session.execute(update(Job).where(Job.id == job_id).values(values))
        session.commit()


def test_a_job_whose_worker_fell_silent_is_done_by_the_next(demo_app: Flask) -> None:
    job_id = bring(demo_app, ring=False)
    age(demo_app, job_id, state=JobState.RUNNING, attempts=1)
    with demo_app.app_context():
        assert ring_again() == 1
    assert wait_for(demo_app, job_id).state is JobState.DONE


def test_a_job_is_claimed_once(demo_app: Flask) -> None:
    job_id = bring(demo_app, ring=False)
    with demo_app.app_context():
        assert runner._claim(job_id) is not None
        assert runner._claim(job_id) is None


def test_a_filing_that_was_cut_off_runs_again_without_doubles(
    demo_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.services.registers import intake

    monkeypatch.setattr(intake, "CHUNK", 50)
    wait_for(demo_app, bring(demo_app))
    monkeypatch.setattr(board, "ring", lambda job_id: None)
    job_id = confirm(demo_app)
    monkeypatch.setattr(runner, "_progress", lambda _id: cut_off)
    with demo_app.app_context():
        runner.run(job_id)
    assert state_of(demo_app, job_id).state is JobState.FAILED
    monkeypatch.undo()
    monkeypatch.setenv("PORTAL_TODAY", TODAY)
    age(demo_app, job_id, state=JobState.WAITING)
    before = children(demo_app)
    with demo_app.app_context():
        runner.run(job_id)
    assert state_of(demo_app, job_id).state is JobState.DONE
    assert before < children(demo_app)
    assert look(demo_app).state is ImportState.COMMITTED


def cut_off(done: int, total: int) -> None:
    if done >= 100:
        raise RuntimeError("the power went")


def children(app: Flask) -> int:
    with app.app_context(), unscoped("test: counting children") as session:
        return len(session.scalars(select(Child.id).where(Child.id_no_index.is_not(None))).all())


def test_a_job_of_an_ended_membership_fails_closed(demo_app: Flask) -> None:
    job_id = bring(demo_app, ring=False)
    with demo_app.app_context(), unscoped("test: ending a membership") as session:
        membership_id = session.get_one(Job, job_id).membership_id
        session.execute(
            update(Membership).where(Membership.id == membership_id).values(valid_until=date(2025, 1, 1))
        )
        session.commit()
    with demo_app.app_context():
        runner.run(job_id)
    assert state_of(demo_app, job_id).state is JobState.FAILED
    assert look(demo_app).state is ImportState.READING


def test_a_hostile_file_is_a_clear_answer_not_a_failure(demo_app: Flask) -> None:
    with acting(demo_app, "coord_s09") as actor:
        batch = batches.receive(
            actor=actor,
            unit=units.get_unit(actor, actor.unit.code),
            file_name="花名册.xlsx",
            data=b"MZ this is no workbook",
        )
        job = board.post("registers.read", actor=actor, batch=str(batch.public_id))
        job_id = job.id
        db.session.commit()
    assert wait_for(demo_app, job_id).state is JobState.DONE
    found = look(demo_app)
    assert (found.state, found.refused_code) == (ImportState.REFUSED, "not_a_workbook")
    assert found.content_sealed is None
