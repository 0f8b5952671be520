"""People around child a1 of the world, and her addresses: what the tests of the child's pages share."""

from __future__ import annotations

import html
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models.audit import AuditEntry
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from tests.factories.county import add_account, add_pairing, give_class, writing
from tests.factories.world import World, build_world

SEATED = {
    "teacher": (Role.CLASS_TEACHER, "school_a"),
    "coord": (Role.SCHOOL_COORDINATOR, "school_a"),
    "head": (Role.PRINCIPAL, "school_a"),
    "director": (Role.CHILD_DIRECTOR, "village_a1"),
    "neighbour": (Role.CHILD_DIRECTOR, "village_a2"),
    "town": (Role.TOWNSHIP_COORDINATOR, "town_a"),
    "other_coord": (Role.SCHOOL_COORDINATOR, "school_b"),
    "other_director": (Role.CHILD_DIRECTOR, "village_b1"),
    "vol": (Role.VOLUNTEER, "school_a"),
    "office": (Role.COMMITTEE_OFFICE, "county"),
    "auditor": (Role.AUDITOR, "county"),
}


def seat_the_world(app: Flask) -> World:
    """The world with an account of each of SEATED; the volunteer is paired with a1, the teacher has her class."""
    with app.app_context(), writing() as session:
        built = build_world(session)
        for login, (role, place) in SEATED.items():
            user = add_account(session, role, getattr(built.near, place), login)
            if role is Role.CLASS_TEACHER:
                give_class(session, user, built.classes[built.near.school_a.code])
            if role is Role.VOLUNTEER:
                add_pairing(session, built.children["a1"], user.person, built.near.school_a)
    return built


def of_child(world: World, act: str = "", label: str = "a1") -> str:
    return f"/children/{world.children[label].public_id}/{act}"


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return html.unescape(answer.text)


def rows(app: Flask, query: Any) -> list[Any]:
    """What the database holds, outside the walls."""
    with app.app_context(), unscoped("test: reading") as session:
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def about_a1(app: Flask, world: World, kind: Any) -> list[Any]:
    """The rows of a kind about child a1, in the order of writing."""
    return rows(app, select(kind).where(kind.child_id == world.children["a1"].id).order_by(kind.id))


def actions(app: Flask) -> list[str]:
    """The actions of all audit lines, oldest first."""
    return rows(app, select(AuditEntry.action).order_by(AuditEntry.county_id, AuditEntry.seq))
