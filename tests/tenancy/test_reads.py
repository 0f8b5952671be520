"""The wall cuts every shape of reading, for every viewer, on both engines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.extensions import Model, db
from portal.models.accounts import Credential, Person
from portal.models.audit import AuditEntry, AuditHead, FileLook
from portal.models.children import Child, Guardianship, SchoolClass
from portal.models.pairings import Pairing
from portal.models.reports.cells import VisitCell
from portal.models.visits import Visit
from portal.models.volunteers import Volunteer
from portal.tenancy.scope import unscoped
from portal.tenancy.scoped import Secret, scoped_classes
from portal.tenancy.units import Unit
from tests.factories.world import World, audit_line, inside, scope_of
from tests.tenancy.alone import orm_alone
from tests.tenancy.shapes import CHILDREN, COUNTS
from tests.tenancy.viewers import SEES, scope_for

VIEWERS = sorted(SEES)


def _labels(world: World, ids: Iterable[int]) -> set[str]:
    by_id = {child.id: label for label, child in world.children.items()}
    return {by_id[one] for one in ids}


@pytest.mark.parametrize("shape", CHILDREN)
def test_every_shape_shows_the_children_of_the_scope_and_no_other(world: World, shape: str) -> None:
    seen = {}
    for viewer in VIEWERS:
        with inside(scope_for(viewer, world)) as session:
            seen[viewer] = _labels(world, CHILDREN[shape](session))
    assert seen == SEES


@pytest.mark.parametrize("shape", COUNTS)
def test_every_count_counts_the_scope_alone(world: World, shape: str) -> None:
    counted = {}
    for viewer in VIEWERS:
        with inside(scope_for(viewer, world)) as session:
            counted[viewer] = COUNTS[shape](session)
    assert counted == {viewer: len(labels) for viewer, labels in SEES.items()}


@pytest.mark.parametrize("viewer", VIEWERS)
def test_get_finds_a_row_of_the_scope_and_no_other(world: World, viewer: str) -> None:
    with inside(scope_for(viewer, world)) as session:
        found = {label for label, child in world.children.items() if session.get(Child, child.id)}
        assert found == SEES[viewer]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_asking_whether_there_is_a_child_elsewhere_answers_no(world: World, viewer: str) -> None:
    """An `exists` over a table without scope must not become an oracle."""
    with inside(scope_for(viewer, world)) as session:
        for label, canary in world.canaries.items():
            there = exists(select(Child.id).where(Child.case_no == canary.case_no, Child.name == canary.name))
            answers = {session.scalar(select(there)), bool(session.scalar(select(literal(1)).where(there)))}
            assert answers == {label in SEES[viewer]}


def test_without_a_scope_every_walled_class_reads_as_empty(world: World) -> None:
    with inside(None) as session:
        for cls in [Unit, *scoped_classes()]:
            assert session.scalars(select(cls)).all() == [], cls


def test_every_class_but_the_tree_and_the_heads_of_the_audit_stands_behind_a_wall(world: World) -> None:
    mapped = {mapper.class_ for mapper in db.Model.registry.mappers}
    assert mapped - set(scoped_classes()) - {cls for cls in mapped if issubclass(cls, Secret)} == {
        AuditHead,
        Unit,
    }


@pytest.mark.parametrize("viewer", ["county", "town_a", "village_a1", "volunteer"])
def test_everybody_on_duty_knows_the_units_of_her_county_and_of_no_other(world: World, viewer: str) -> None:
    with inside(scope_for(viewer, world)) as session:
        assert set(session.scalars(select(Unit.county_id))) == {world.near.county.id}


@pytest.mark.parametrize("viewer", ["county", "town_a", "school_b", "village_b2"])
def test_staff_know_the_people_of_their_county_and_of_no_other(world: World, viewer: str) -> None:
    with inside(scope_for(viewer, world)) as session:
        names = set(session.scalars(select(Person.name)))
    assert names == {world.helpers[label].name for label in SEES["county"]}


@pytest.mark.parametrize(
    ("day", "seen"),
    [
        (date(2025, 1, 9), False),
        (date(2025, 1, 10), True),
        (date(2025, 6, 29), True),
        (date(2025, 6, 30), False),
    ],
)
def test_a_pairing_opens_on_its_first_day_and_closes_on_its_end(world: World, day: date, seen: bool) -> None:
    """From 10 January until 30 June, exclusive."""
    helper, county = world.helpers["a1"], world.near.county
    with unscoped("test: an ended pairing") as session:
        session.get_one(Pairing, world.pairings["a1"].id).ends_on = date(2025, 6, 30)
        session.flush()
        session.info["portal.scope"] = scope_of(helper, county=county, day=day)
        assert bool(session.scalars(select(Child.id)).all()) is seen


@pytest.mark.parametrize(
    ("viewer", "places"),
    [
        ("county", {"village_a1", "village_a2", "school_a", "village_b1", "village_b2", "school_b"}),
        ("town_a", {"village_a1", "village_a2", "school_a"}),
        ("school_b", {"school_b"}),
        ("volunteer", set()),
        ("nobody", set()),
    ],
)
def test_rows_of_a_unit_are_seen_at_the_unit_and_above(world: World, viewer: str, places: set[str]) -> None:
    with inside(scope_for(viewer, world)) as session:
        found = set(session.scalars(select(SchoolClass.unit_id)))
        assert found == {getattr(world.near, place).id for place in places}


def test_cells_are_walled_like_any_row_of_a_unit(world: World) -> None:
    with inside(scope_for("town_a", world)) as session:
        assert set(session.scalars(select(VisitCell.township_id))) == {world.near.town_a.id}
    with inside(scope_for("volunteer", world)) as session:
        assert session.scalars(select(VisitCell.unit_id)).all() == []


VOLUNTEERS_SEE = {Child, FileLook, Guardianship, Pairing, Person, Visit, Volunteer}


def test_a_volunteer_sees_nothing_of_a_class_that_does_not_say_so(world: World) -> None:
    declaring = {cls for cls in scoped_classes() if "volunteer_sees" in vars(cls)}
    assert declaring == VOLUNTEERS_SEE
    with inside(scope_for("volunteer", world)) as session:
        seen = {cls for cls in scoped_classes() if session.scalars(select(cls).limit(1)).first()}
    assert seen <= VOLUNTEERS_SEE


@pytest.mark.parametrize("loading", [None, selectinload, joinedload])
def test_what_hangs_on_a_visible_child_stays_cut_for_a_volunteer(world: World, loading: object) -> None:
    hidden = (Child.parents, Child.absences, Child.placements, Child.standings)
    options = [loading(one) for one in hidden] if loading else []
    with inside(scope_for("volunteer", world)) as session:
        child = session.scalars(select(Child).options(*options)).unique().one()
        assert [child.parents, child.absences, child.placements, child.standings] == [[], [], [], []]
        assert [one.phone for one in child.guardianships] == [world.canaries["a1b"].phone]


def test_a_volunteer_sees_her_own_pairing_and_visit_and_not_a_colleagues(world: World) -> None:
    with inside(scope_for("volunteer", world)) as session:
        assert session.scalars(select(Pairing.id)).all() == [world.pairings["a1b"].id]
        assert session.scalars(select(Visit.id)).all() == [world.visits["a1b"].id]
        assert session.scalars(select(Person.id)).all() == [world.helpers["a1b"].id]


def test_a_reloaded_object_is_cut_again(world: World) -> None:
    with inside(scope_for("school_a", world)) as session:
        child = session.get_one(Child, world.children["a1"].id)
        session.expire(child)
        assert child.name == world.canaries["a1"].name
        assert _refreshed(session, child) == {"a1", "a2"}


def _refreshed(session: Session, child: Child) -> set[str]:
    session.refresh(child)
    names = session.scalars(select(Child).execution_options(populate_existing=True))
    return {"a" + str(one.village_id - child.village_id + 1) for one in names}


def test_the_audit_of_one_unit_is_not_read_from_another(world: World) -> None:
    with inside(scope_for("school_a", world)) as session:
        session.add(audit_line(world.near.school_a))
        session.flush()
        assert session.scalars(select(AuditEntry.action)).all() == ["test"]
        session.rollback()


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_secret_is_read_by_nobody_through_the_orm_alone(world: World, viewer: str) -> None:
    """Hashes, codes and seeds: the database would not give them either, and is not asked here."""
    secrets = [one.class_ for one in Model.registry.mappers if issubclass(one.class_, Secret)]
    with unscoped("test: the secrets of the world") as session:
        assert session.scalars(select(Credential)).first() is not None
        with orm_alone(session, scope_for(viewer, world)):
            assert {cls.__name__: session.scalars(select(cls)).all() for cls in secrets} == {
                cls.__name__: [] for cls in secrets
            }
