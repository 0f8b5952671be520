"""Working with a census in tests: who is who, opening one, its lists and lines, and the three names."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.jobs import runner
from portal.models.audit import AuditEntry
from portal.models.children import CensusLine, CensusList, Child
from portal.models.jobs import Job
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.terms import JobState, UnitKind
from tests.clients import sign_in
from tests.factories.world import World

STAFF = {
    "office": (Role.COMMITTEE_OFFICE, "county"),
    "auditor": (Role.AUDITOR, "county"),
    "town": (Role.TOWNSHIP_COORDINATOR, "town_a"),
    "townleader": (Role.TOWNSHIP_LEADER, "town_a"),
    "townb": (Role.TOWNSHIP_COORDINATOR, "town_b"),
    "teacher": (Role.CLASS_TEACHER, "school_a"),
    "coord": (Role.SCHOOL_COORDINATOR, "school_a"),
    "head": (Role.PRINCIPAL, "school_a"),
    "director": (Role.CHILD_DIRECTOR, "village_a1"),
    "director2": (Role.CHILD_DIRECTOR, "village_a2"),
    "vol": (Role.VOLUNTEER, "school_a"),
}
OPEN = {"period": "2024-2025-2", "basis": "wide", "as_of": "2025-06-01", "due_on": "2025-07-01"}


def work_jobs(app: Flask) -> list[JobState]:
    """Carry every waiting job out, as a worker does."""
    with app.app_context():
        with unscoped("test: the waiting jobs") as session:
            waiting = session.scalars(
                select(Job.id).where(Job.state == JobState.WAITING).order_by(Job.id)
            ).all()
        for job_id in waiting:
            runner.run(job_id)
        with unscoped("test: how they went") as session:
            done = session.execute(select(Job.state, Job.message).where(Job.id.in_(waiting))).all()
        db.session.remove()
        assert all(state is JobState.DONE for state, _m in done), done
        return [state for state, _m in done]


def at(world: World, place: str, act: str = "") -> str:
    return f"/units/{getattr(world.near, place).code}/children/census/{act}"


def list_of(app: Flask, world: World, place: str, room: str = "") -> CensusList:
    """The list of a village, or of the class of a school."""
    unit = getattr(world.near, place)
    key = world.classes[room or unit.code].id if unit.kind is UnitKind.SCHOOL else None
    with app.app_context(), unscoped("test: a list") as session:
        found = session.scalars(
            select(CensusList).where(
                CensusList.unit_id == unit.id, CensusList.class_id.is_not_distinct_from(key)
            )
        ).one()
        session.expunge_all()
        return found


def url_of(app: Flask, world: World, place: str, act: str = "", room: str = "") -> str:
    return at(world, place, f"lists/{list_of(app, world, place, room).public_id}/{act}")


def line_of(app: Flask, world: World, place: str, label: str) -> CensusLine:
    held = list_of(app, world, place)
    with app.app_context(), unscoped("test: a line") as session:
        found = session.scalars(
            select(CensusLine).where(
                CensusLine.list_id == held.id, CensusLine.child_id == world.children[label].id
            )
        ).one()
        session.expunge_all()
        return found


def mark(app: Flask, world: World, login: str, place: str, label: str, **said: str) -> int:
    data = {"child": str(world.children[label].public_id), "verdict": "confirmed"} | said
    return sign_in(app, login).post(url_of(app, world, place, "mark"), data=data).status_code


def actions_of(app: Flask, action: str) -> list[AuditEntry]:
    with app.app_context(), unscoped("test: the log") as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()
        session.expunge_all()
        return list(found)


def sign(app: Flask, world: World, login: str, place: str, step: str) -> int:
    act = "fill" if step == "filled" else ("sign_for" if login.startswith("town") else "sign")
    return sign_in(app, login).post(url_of(app, world, place, act), data={"step": step}).status_code


def fill(app: Flask, world: World, login: str, place: str) -> int:
    """Confirm everybody of a list and sign as who filled it in."""
    held = list_of(app, world, place)
    with app.app_context(), unscoped("test: the children of a list") as session:
        seen = session.scalars(
            select(Child.public_id).join(CensusLine, CensusLine.child_id == Child.id).where(
                CensusLine.list_id == held.id
            )
        ).all()  # fmt: skip
    client, url = sign_in(app, login), at(world, place, f"lists/{held.public_id}/")
    assert client.post(url + "rest", data={"seen": [str(one) for one in seen]}).status_code == 302
    return client.post(url + "fill").status_code
