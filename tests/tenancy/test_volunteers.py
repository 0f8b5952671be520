"""A volunteer behind the walls: what her pen is for, and the columns she reads."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import ScopeError
from portal.models.accounts import Person
from portal.models.audit import AuditEntry, FileLook
from portal.models.children import Child
from portal.models.visits import Visit
from portal.models.volunteers import Volunteer
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.scoped import scoped_classes
from portal.terms import VisitKind
from tests.factories.county import add_volunteer
from tests.factories.world import World, audit_line, inside
from tests.tenancy.alone import WALLS, database_alone, orm_alone, stray
from tests.tenancy.test_writes import (
    Act,
    own_class,
    person_of_the_other_county,
    rename_a_unit,
    some_absence,
    some_child,
)
from tests.tenancy.viewers import scope_for

READS_ONLY = {
    "Child": (
        "name",
        "name_key",
        "sex",
        "case_no",
        "schooling",
        "grade",
        "class_name",
        "village_id",
        "village_township_id",
        "school_id",
        "school_township_id",
        "version",
    ),
    "Guardianship": ("kind", "guardian_group", "name", "relation", "phone", "since", "until"),
    "Pairing": (
        "helper_id",
        "kind",
        "starts_on",
        "ends_on",
        "end_reason",
        "local_label",
        "package",
        "goals",
        "times",
        "content",
    ),
}
"""The columns of a row in her sight, besides keys and stamps; of every other class she reads them all."""


def test_the_columns_that_are_a_volunteers_are_written_down() -> None:
    said = {cls.__name__: cls.volunteer_columns for cls in scoped_classes() if cls.volunteer_columns}
    assert said == READS_ONLY


def _visit(child: Child, world: World) -> Visit:
    return Visit(
        public_id=uuid.uuid4(), entry_id=uuid.uuid4(), child=child, kind=VisitKind.TALK, minutes=5,
        happened_on=date(2025, 6, 30), person_id=world.helpers["a1b"].id, role=Role.VOLUNTEER,
        stat_unit_id=world.near.school_b.id, stat_township_id=world.near.town_b.id,
        stat_county_id=world.near.county.id,
    )  # fmt: skip


def test_a_volunteer_logs_a_visit_of_her_child_and_the_audit_line_with_it(world: World) -> None:
    with inside(scope_for("volunteer", world)) as session:
        session.add(_visit(some_child(session, world, "a1b"), world))
        session.add(audit_line(world.near.school_b))
        session.flush()


def _logs_for_a_changed_child(session: Session, world: World) -> None:
    child = some_child(session, world, "a1b")
    child.remark = "changed"
    session.add(_visit(child, world))


def _edits_the_file(session: Session, world: World) -> None:
    some_child(session, world, "a1b").remark = "changed"


def _adds_a_fact(session: Session, world: World) -> None:
    session.add(some_absence(child=some_child(session, world, "a1b")))


def _ends_her_own_pairing(session: Session, world: World) -> None:
    session.delete(session.get_one(type(world.pairings["a1b"]), world.pairings["a1b"].id))


def _opens_a_class(session: Session, world: World) -> None:
    own_class(session, world)


def _logs_for_a_child_brought_from_elsewhere(session: Session, world: World) -> None:
    brought = stray(Child, world.children["b1"].id)
    session.add(_visit(brought, world))


def _mends_a_visit_brought_from_elsewhere(session: Session, world: World) -> None:
    brought = stray(Visit, world.visits["b1"].id)
    session.add(brought)
    brought.child, brought.minutes = some_child(session, world, "a1b"), 33


REFUSED = [_logs_for_a_changed_child, _logs_for_a_child_brought_from_elsewhere,
           _mends_a_visit_brought_from_elsewhere, _edits_the_file, _adds_a_fact, _ends_her_own_pairing, _opens_a_class,
           rename_a_unit, person_of_the_other_county]  # fmt: skip


@pytest.mark.parametrize("walls", WALLS)
@pytest.mark.parametrize("act", REFUSED, ids=lambda act: act.__name__.strip("_"))
def test_a_volunteer_writes_visits_and_nothing_else(world: World, act: Act, walls: str) -> None:
    with WALLS[walls](scope_for("volunteer", world)) as session:
        act(session, world)
        with pytest.raises(ScopeError):
            session.flush()


def test_only_visits_looks_and_audit_lines_are_open_to_a_volunteers_pen() -> None:
    assert {cls for cls in scoped_classes() if cls.volunteer_writes} == {AuditEntry, FileLook, Visit}


@pytest.mark.parametrize("alone", [orm_alone, database_alone])
def test_a_volunteer_reads_her_own_entry_of_the_roster_and_no_other(world: World, alone: Any) -> None:
    mine, other = world.helpers["a1b"], world.helpers["a1"]
    with unscoped("test: a roster") as session:
        for person in (mine, other):
            add_volunteer(session, world.near.town_a, person=session.get_one(Person, person.id))
        with alone(session, scope_for("volunteer", world)):
            assert session.scalars(select(Volunteer.person_id)).all() == [mine.id]
        session.rollback()
