"""The wall refuses to write what lies, or would come to lie, outside the scope."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from portal.errors import ScopeError
from portal.extensions import WRITES
from portal.models.accounts import Person
from portal.models.children import Absence, Child, SchoolClass
from portal.models.visits import Visit
from portal.tenancy.scope import Level, Scope, current, enter, system_scope, unscoped
from portal.tenancy.scoped import STAMPS, scoped_classes
from portal.tenancy.units import Unit
from portal.terms import ParentRole, Sex
from tests.factories.world import World, inside
from tests.tenancy.alone import WALLS, stray
from tests.tenancy.viewers import scope_for


def _unit(session: Session, unit: Unit) -> Unit:
    return session.get_one(Unit, unit.id)


def some_child(session: Session, world: World, label: str) -> Child:
    return session.get_one(Child, world.children[label].id)


def _new_child(**sides: object) -> Child:
    return Child(
        public_id=uuid.uuid4(), case_no=uuid.uuid4().hex[:12], name="新", name_key="xin|x", sex=Sex.MALE,
        birth_date=date(2015, 1, 1), **sides,
    )  # fmt: skip


def _new_class(**place: object) -> SchoolClass:
    return SchoolClass(
        public_id=uuid.uuid4(),
        grade=1,
        name="1班",
        pupils=9,
        compulsory=True,
        since=date(2024, 9, 1),
        **place,
    )


def some_absence(**child: object) -> Absence:
    return Absence(role=ParentRole.FATHER, since=date(2025, 6, 1), **child)


def _ids_of(unit: Unit) -> dict[str, int]:
    return {"unit_id": unit.id, "township_id": unit.township_id, "county_id": unit.county_id}


def _key_of(child: Child) -> dict[str, int]:
    return {"child_id": child.id, **{stamp: getattr(child, stamp) for stamp in STAMPS}}


Act = Callable[[Session, World], None]


def _add_class_elsewhere(session: Session, world: World) -> None:
    session.add(_new_class(unit=_unit(session, world.near.school_b)))


def _add_class_elsewhere_by_number(session: Session, world: World) -> None:
    session.add(_new_class(**_ids_of(world.near.school_b)))


def _add_class_in_the_other_county(session: Session, world: World) -> None:
    session.add(_new_class(**_ids_of(world.far.school_a)))


def _add_class_with_two_tongues(session: Session, world: World) -> None:
    session.add(_new_class(**_ids_of(world.near.school_a), unit=_unit(session, world.near.school_b)))


def _send_class_away(session: Session, world: World) -> None:
    session.scalars(select(SchoolClass)).first().unit = _unit(session, world.near.school_b)


def _send_class_away_by_number(session: Session, world: World) -> None:
    row = session.scalars(select(SchoolClass)).first()
    assert row.unit is not None
    row.unit_id, row.township_id = world.near.school_b.id, world.near.town_b.id


def _add_child_elsewhere(session: Session, world: World) -> None:
    near = world.near
    session.add(_new_child(county_id=near.county.id, village=_unit(session, near.village_b1)))


def _add_child_elsewhere_by_number(session: Session, world: World) -> None:
    near = world.near
    side = {"village_id": near.village_b1.id, "village_township_id": near.town_b.id}
    session.add(_new_child(county_id=near.county.id, **side))


def _send_child_away(session: Session, world: World) -> None:
    child = some_child(session, world, "a1")
    child.village, child.school = _unit(session, world.near.village_b1), None


def _send_child_away_by_number(session: Session, world: World) -> None:
    child, near = some_child(session, world, "a1"), world.near
    child.village_id, child.village_township_id = near.village_b1.id, near.town_b.id
    child.school_id, child.school_township_id = near.school_b.id, near.town_b.id


def _send_child_to_the_other_county(session: Session, world: World) -> None:
    some_child(session, world, "a1").county_id = world.far.county.id


def _adopt_a_detached_child(session: Session, world: World) -> None:
    brought = stray(Child, world.children["b1"].id)
    session.add(brought)
    brought.remark = "changed"


def _delete_a_detached_child(session: Session, world: World) -> None:
    brought = stray(Child, world.children["b1"].id)
    session.delete(brought)


def _fetch_a_detached_child(session: Session, world: World) -> None:
    """She would lie inside afterwards; she did not before."""
    brought = stray(Child, world.children["b1"].id)
    village, school = (_unit(session, unit) for unit in (world.near.village_a1, world.near.school_a))
    session.add(brought)
    brought.village, brought.school = village, school


def _record_of_a_foreign_child_by_number(session: Session, world: World) -> None:
    session.add(some_absence(**_key_of(world.children["b1"])))


def _record_without_a_child(session: Session, world: World) -> None:
    session.add(some_absence())


def _hand_record_over_by_number(session: Session, world: World) -> None:
    visit = session.get_one(Visit, world.visits["a1"].id)
    assert visit.child is not None
    for name, value in _key_of(world.children["b1"]).items():
        setattr(visit, name, value)


def _lie_in_a_stamp(session: Session, world: World) -> None:
    session.get_one(Visit, world.visits["a1"].id).v_unit_id = world.near.village_b1.id


def _count_a_visit_elsewhere(session: Session, world: World) -> None:
    visit, far = session.get_one(Visit, world.visits["a1"].id), world.far.school_a
    visit.stat_unit_id, visit.stat_township_id, visit.stat_county_id = far.id, far.township_id, far.county_id


def rename_a_unit(session: Session, world: World) -> None:
    _unit(session, world.near.village_b1).name = "改名村"


def person_of_the_other_county(session: Session, world: World) -> None:
    session.add(Person(public_id=uuid.uuid4(), name="新", name_key="xin|x", **_ids_of(world.far.school_a)))


ESCAPES: list[Act] = [
    _add_class_elsewhere, _add_class_elsewhere_by_number, _add_class_in_the_other_county,
    _add_class_with_two_tongues, _send_class_away, _send_class_away_by_number, _add_child_elsewhere,
    _add_child_elsewhere_by_number, _send_child_away, _send_child_away_by_number,
    _send_child_to_the_other_county, _adopt_a_detached_child, _delete_a_detached_child, _fetch_a_detached_child,
    _record_of_a_foreign_child_by_number, _record_without_a_child, _hand_record_over_by_number,
    _lie_in_a_stamp, _count_a_visit_elsewhere, rename_a_unit, person_of_the_other_county,
]  # fmt: skip


@pytest.mark.parametrize("walls", WALLS)
@pytest.mark.parametrize("viewer", ["town_a", "school_a"])
@pytest.mark.parametrize("act", ESCAPES, ids=lambda act: act.__name__.strip("_"))
def test_no_write_leaves_the_scope(world: World, viewer: str, act: Act, walls: str) -> None:
    with WALLS[walls](scope_for(viewer, world)) as session:
        act(session, world)
        with pytest.raises(ScopeError):
            session.flush()


OUT_OF_THE_COUNTY = [
    _add_class_in_the_other_county, _send_child_to_the_other_county, _record_without_a_child,
    person_of_the_other_county, _lie_in_a_stamp, _count_a_visit_elsewhere,
]  # fmt: skip


@pytest.mark.parametrize("walls", WALLS)
@pytest.mark.parametrize("act", OUT_OF_THE_COUNTY, ids=lambda act: act.__name__.strip("_"))
def test_no_write_leaves_the_county(world: World, act: Act, walls: str) -> None:
    with WALLS[walls](scope_for("county", world)) as session:
        act(session, world)
        with pytest.raises(ScopeError):
            session.flush()


def own_class(session: Session, world: World) -> None:
    session.add(_new_class(unit=_unit(session, world.near.school_a)))


def own_class_by_number(session: Session, world: World) -> None:
    session.add(_new_class(**_ids_of(world.near.school_a)))


def _own_child(session: Session, world: World) -> None:
    near = world.near
    session.add(_new_child(county_id=near.county.id, school=_unit(session, near.school_a)))


def _own_record(session: Session, world: World) -> None:
    session.add(some_absence(child=some_child(session, world, "a1")))


def _own_record_in_the_list(session: Session, world: World) -> None:
    child = some_child(session, world, "a1")
    child.absences.append(some_absence())


def _changed_record(session: Session, world: World) -> None:
    session.get_one(Visit, world.visits["a1"].id).minutes = 33


def _record_of_another_own_child(session: Session, world: World) -> None:
    session.get_one(Visit, world.visits["a1"].id).child = some_child(session, world, "a2")


def _deleted_record(session: Session, world: World) -> None:
    session.delete(session.get_one(Visit, world.visits["a1"].id))


def _half_moved_child(session: Session, world: World) -> None:
    """One side stays, so the file stays in sight."""
    some_child(session, world, "a1").village = _unit(session, world.near.village_b1)


INSIDE = [
    own_class, own_class_by_number, _own_child, _own_record, _own_record_in_the_list, _changed_record,
    _record_of_another_own_child, _deleted_record, _half_moved_child,
]  # fmt: skip


@pytest.mark.parametrize("viewer", ["county", "town_a", "school_a"])
@pytest.mark.parametrize("act", INSIDE, ids=lambda act: act.__name__.strip("_"))
def test_what_stays_inside_may_be_written(world: World, viewer: str, act: Act) -> None:
    with inside(scope_for(viewer, world)) as session:
        act(session, world)
        session.flush()


def test_the_county_writes_its_own_units_and_no_level_below_does(world: World) -> None:
    with inside(scope_for("county", world)) as session:
        rename_a_unit(session, world)
        session.flush()


# ---- no scope, two scopes, statements that cannot be cut -------------------------------------------


@pytest.mark.parametrize(
    "act", [own_class_by_number, _record_without_a_child, _add_child_elsewhere_by_number]
)
def test_without_a_scope_nothing_may_be_written(world: World, act: Act) -> None:
    with inside(None) as session:
        act(session, world)
        with pytest.raises(ScopeError):
            session.flush()


UNCUTTABLE = {
    "text": text("SELECT name FROM child"),
    "core select": select(Child.__table__.c.name),
    "core update": update(Child.__table__).values(name="x"),
    "bulk insert": insert(SchoolClass).values(grade=1),
    "bulk update": update(Child).values(name="x"),
    "bulk update of units": update(Unit).values(name="x"),
    "bulk delete": delete(Visit),
    "text as an entity": select(Child).from_statement(text("SELECT * FROM child")),
    "insert from select": insert(Visit).from_select(["id"], select(Visit.id)),
}


@pytest.mark.parametrize("viewer", ["county", "town_a", "volunteer", "nobody"])
@pytest.mark.parametrize("statement", UNCUTTABLE)
def test_a_statement_that_cannot_be_cut_is_refused(world: World, viewer: str, statement: str) -> None:
    with inside(scope_for(viewer, world)) as session, pytest.raises(ScopeError):
        session.execute(UNCUTTABLE[statement])


def test_many_rows_at_once_are_refused_too(world: World) -> None:
    with inside(scope_for("county", world)) as session:
        for statement in (insert(SchoolClass), update(Child)):
            with pytest.raises(ScopeError):
                session.execute(statement, [{"id": 1}, {"id": 2}])


def test_the_legacy_query_cannot_update_or_delete_either(world: World) -> None:
    with inside(scope_for("town_a", world)) as session:
        for act in (
            lambda: session.query(Visit).delete(),
            lambda: session.query(Visit).update({"minutes": 1}),
        ):
            with pytest.raises(ScopeError):
                act()


def test_a_session_has_one_scope_for_its_life(world: World) -> None:
    scope = Scope(Level.COUNTY, 1, 1)
    with inside(scope) as session:
        enter(session, Scope(Level.COUNTY, 1, 1))
        for other in (Scope(Level.COUNTY, 2, 2), Scope(Level.UNIT, 1, 1), system_scope("escape")):
            with pytest.raises(ScopeError):
                enter(session, other)
        assert current(session) == scope


def test_a_session_that_has_begun_takes_no_scope_any_more(world: World) -> None:
    with inside(None) as session:
        session.begin()
        with pytest.raises(ScopeError):
            enter(session, Scope(Level.COUNTY, 1, 1))


def test_an_unscoped_session_is_its_own_and_says_why(world: World) -> None:
    WRITES.set(False)  # two readers at once, as SQLite allows them
    with inside(scope_for("village_a1", world)) as session, unscoped("test: seeing all") as other:
        assert len(other.scalars(select(Child)).all()) == len(world.children)
        assert len(session.scalars(select(Child)).all()) == 3
        assert current(other).reason == "test: seeing all"


APPENDED = {"FileLook", "AuditEntry"}
KEPT_BY_TRIGGERS = {"ReachCell", "VisitCell", "PupilCell", "StandingCell"}


def test_what_is_only_added_and_what_only_triggers_write_is_written_down() -> None:
    """The catalogues compare the databases with these declarations; here the declarations stand."""
    classes = scoped_classes()
    assert {cls.__name__ for cls in classes if cls.append_only} == APPENDED
    assert {cls.__name__ for cls in classes if cls.kept_by_triggers} == KEPT_BY_TRIGGERS
