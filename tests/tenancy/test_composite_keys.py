"""The composite keys: a stamp cannot lie, and moving a place carries every row along, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.models.children import Child, ClassPost, Guardianship, SchoolClass, Standing
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.services.reports import recompute
from portal.tenancy.scope import unscoped
from portal.tenancy.scoped import STAMPS, AboutChild, Counted, scoped_classes
from portal.tenancy.units import Unit
from tests.factories.county import writing
from tests.factories.world import World, build_world


@pytest.fixture
def own_world(app: Flask) -> Iterator[World]:
    """A world that the test may change for good, with its application at hand."""
    with app.app_context():
        with writing() as session:
            built = build_world(session)
        yield built


def _stamps(row: object) -> tuple[int, ...]:
    return tuple(getattr(row, stamp) for stamp in STAMPS)


LIES = [
    "UPDATE visit SET v_unit_id = {other_village} WHERE id = {visit}",
    "UPDATE visit SET v_town_id = {other_town} WHERE id = {visit}",
    "UPDATE visit SET s_unit_id = 0 WHERE id = {visit}",
    "UPDATE visit SET county_id = {far} WHERE id = {visit}",
    "UPDATE visit SET child_id = {other_child} WHERE id = {visit}",
    "UPDATE visit SET stat_township_id = {other_town} WHERE id = {visit}",
    "UPDATE pairing SET s_town_id = {other_town} WHERE child_id = {child}",
    "UPDATE guardianship SET v_unit_id = {other_village} WHERE child_id = {child}",
    "UPDATE child SET village_township_id = {other_town} WHERE id = {child}",
    "UPDATE child SET county_id = {far} WHERE id = {child}",
    "UPDATE child SET school_id = {far_school} WHERE id = {child}",
    "UPDATE school_class SET township_id = {other_town} WHERE unit_id = {school}",
    "UPDATE person SET county_id = {far} WHERE unit_id = {school}",
    "UPDATE child SET class_id = {class_b} WHERE id = {child}",
    "UPDATE child SET school_id = {school_b}, school_township_id = {other_town} WHERE id = {child}",
    "UPDATE class_post SET class_id = {class_b} WHERE unit_id = {school}",
]


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_stamp_is_refused_at_the_commit(world: World, lie: str) -> None:
    near, far, child = world.near, world.far, world.children["a1"]
    statement = lie.format(
        visit=world.visits["a1"].id, child=child.id, other_child=world.children["b1"].id,
        other_village=near.village_b1.id, other_town=near.town_b.id, school=near.school_a.id,
        far=far.county.id, far_school=far.school_a.id, school_b=near.school_b.id,
        class_b=world.classes[near.school_b.code].id
    )  # fmt: skip
    with unscoped("test: lying past the portal") as session:
        session.execute(text(statement))
        with pytest.raises(IntegrityError):
            session.commit()


@pytest.mark.parametrize("column", ["village_id", "school_township_id"])
def test_half_a_side_is_refused(world: World, column: str) -> None:
    """A NULL in a composite key would switch the key off."""
    with unscoped("test: lying past the portal") as session, pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE child SET {column} = NULL WHERE id = {world.children['a1'].id}"))


def test_a_child_without_any_side_is_refused(world: World) -> None:
    nowhere = "village_id = NULL, village_township_id = NULL, school_id = NULL, school_township_id = NULL"
    with unscoped("test: lying past the portal") as session, pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE child SET {nowhere} WHERE id = {world.children['a1'].id}"))


def test_a_class_without_a_school_is_refused(world: World) -> None:
    """Without the check a NULL in the key to the class would switch the key off."""
    nowhere = "school_id = NULL, school_township_id = NULL"
    with unscoped("test: lying past the portal") as session, pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE child SET {nowhere} WHERE id = {world.children['a1'].id}"))


def test_a_school_that_changes_township_takes_classes_and_their_teachers_along(own_world: World) -> None:
    near = own_world.near
    with writing() as session:
        school = session.get_one(Unit, near.school_a.id)
        school.township_id = school.parent_id = near.town_b.id
        session.commit()
        session.expire_all()
        child = session.get_one(Child, own_world.children["a1"].id)
        assert (child.class_id, child.s_town_id) == (own_world.classes[near.school_a.code].id, near.town_b.id)
        assert session.get_one(ClassPost, own_world.posts["teacher"].id).township_id == near.town_b.id
        assert _stamped_alike(session, child)


def _stamped_alike(session: Session, child: Child) -> bool:
    """Whether every row about the child carries her stamps as they stand now."""
    about = [cls for cls in scoped_classes(AboutChild) if issubclass(cls, AboutChild)]
    rows = [row for cls in about for row in session.scalars(select(cls).where(cls.child_id == child.id))]
    assert {type(row) for row in rows} >= {Visit, Pairing, Guardianship, Standing}
    return all(_stamps(row) == _stamps(child) for row in rows)


def test_a_child_who_changes_school_takes_her_rows_along_and_leaves_the_counts(own_world: World) -> None:
    near = own_world.near
    with writing() as session:
        child = session.get_one(Child, own_world.children["a1"].id)
        child.school = session.get_one(Unit, near.school_b.id)
        session.commit()
        session.expire_all()
        assert _stamps(child) == (
            near.village_a1.id, near.town_a.id, near.school_b.id, near.town_b.id, near.county.id
        )  # fmt: skip
        assert _stamped_alike(session, child)
        assert child.class_id is None
        assert session.get_one(Visit, own_world.visits["a1"].id).stat_unit_id == near.school_a.id


def test_a_village_that_changes_township_takes_children_records_and_counts_along(own_world: World) -> None:
    near = own_world.near
    with writing() as session:
        village = session.get_one(Unit, near.village_a1.id)
        village.township_id = village.parent_id = near.town_b.id
        session.commit()
        session.expire_all()
        for label in ("a1", "a1b", "home"):
            child = session.get_one(Child, own_world.children[label].id)
            assert child.v_town_id == near.town_b.id
            assert _stamped_alike(session, child)
        visit = session.get_one(Visit, own_world.visits["home"].id)
        assert (visit.stat_unit_id, visit.stat_township_id) == (near.village_a1.id, near.town_b.id)
        assert recompute.check(session, near.county.id) == []


def test_a_township_that_changes_county_takes_everything_below_it_along(own_world: World) -> None:
    near, far = own_world.near, own_world.far
    with writing() as session:
        _give_up_the_side_outside(session, own_world)
        for unit in session.scalars(select(Unit).where(Unit.township_id == near.town_b.id)):
            unit.county_id = far.county.id
            if unit.id == near.town_b.id:
                unit.parent_id = far.county.id
        session.commit()
        session.expire_all()
        child = session.get_one(Child, own_world.children["b1"].id)
        assert child.county_id == far.county.id
        assert _stamped_alike(session, child)
        counties = select(SchoolClass.county_id).where(SchoolClass.township_id == near.town_b.id)
        assert set(session.scalars(counties)) == {far.county.id}
        for county in (near.county.id, far.county.id):
            assert recompute.check(session, county) == []


def _give_up_the_side_outside(session: Session, world: World) -> None:
    """A child belongs to one county: she cannot keep a school in the township that leaves."""
    child = session.get_one(Child, world.children["a1b"].id)
    child.school = None
    for row in (*session.scalars(select(Visit)), *session.scalars(select(Pairing))):
        if row.child_id == child.id:
            row.stat_unit = session.get_one(Unit, world.near.village_a1.id)
    for row in (*child.placements, *child.standings):
        row.stat_unit = session.get_one(Unit, world.near.village_a1.id)
    session.flush()


def test_a_township_cannot_leave_while_a_child_straddles_the_border(world: World) -> None:
    near, far = world.near, world.far
    with unscoped("test: moving too early") as session:
        session.execute(
            text(f"UPDATE unit SET county_id = {far.county.id} WHERE township_id = {near.town_b.id}")
        )
        with pytest.raises(IntegrityError):
            session.commit()


def test_deleting_a_child_deletes_the_rows_about_her_and_no_other(own_world: World) -> None:
    with writing() as session:
        session.execute(text(f"DELETE FROM child WHERE id = {own_world.children['a1'].id}"))
        session.commit()
        assert own_world.visits["a1"].id not in session.scalars(select(Visit.id)).all()
        assert len(session.scalars(select(Visit.id)).all()) == len(own_world.children) - 1


def test_every_counted_class_is_about_a_child_or_a_unit_of_its_own() -> None:
    counted = {cls.__name__ for cls in scoped_classes() if issubclass(cls, Counted)}
    assert counted == {
        "Alarm",
        "ChildEvent",
        "FileLook",
        "Pairing",
        "PairingProposal",
        "Placement",
        "Standing",
        "Visit",
    }
