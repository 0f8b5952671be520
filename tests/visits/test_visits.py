"""A pairing opens a volunteer's sight of a child; a visit is logged once and counts where it belongs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import Child
from portal.models.reports.cells import VisitCell
from portal.models.visits import Visit
from portal.services import units, visits
from portal.services.children import listing
from portal.tenancy.actor import Actor
from portal.tenancy.roles import Role
from portal.terms import Met, Topic, VisitKind
from tests.acting import acting
from tests.factories.helping import World, build_world

TODAY = date(2025, 6, 30)


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


@contextmanager
def volunteer(app: Flask) -> Iterator[Actor]:
    with acting(app, "vol") as actor:
        yield actor


def log(actor: Actor, *children: Child, **changes: object) -> list[Visit]:
    values: dict[str, object] = {
        "entry_id": uuid.uuid4(),
        "children": [child.public_id for child in children],
        "kind": VisitKind.HOME_VISIT,
        "happened_on": TODAY,
        "minutes": 40,
        "met": [Met.CHILD, Met.GUARDIAN],
        "topics": [Topic.STUDY, Topic.FAMILY],
        "note": "背会了两首诗。",
    }
    return visits.log_visit(actor=actor, **(values | changes))  # type: ignore[arg-type]


def counted(actor: Actor, code: str) -> int:
    unit = units.get_unit(actor, code)
    return (
        db.session.scalar(
            select(func.sum(VisitCell.home_visits)).where(  # type: ignore[attr-defined]
                VisitCell.level == "unit",
                VisitCell.unit_id == unit.id,  # type: ignore[attr-defined]
            )
        )
        or 0
    )


def test_a_volunteer_sees_only_the_children_paired_with_her_today(app: Flask, world: World) -> None:
    with volunteer(app) as actor:
        assert [child.name for child, _pairing in listing.list_paired(actor)] == ["陈小禾"]
        assert db.session.scalar(select(func.count()).select_from(Child)) == 1
        with pytest.raises(NotFound):
            listing.get_child(world.other.public_id, actor=actor)


def test_a_logged_visit_counts_where_the_pairing_was_arranged(app: Flask, world: World) -> None:
    with volunteer(app) as actor:
        [visit] = log(actor, world.mine)
        db.session.commit()
        assert (visit.stat_unit_id, visit.role) == (world.place.school_a.id, Role.VOLUNTEER)
        assert visit.met == [Met.CHILD, Met.GUARDIAN]
        found, _key = visits.list_mine(actor=actor)
        assert [(one.child.name, one.minutes) for one in found] == [("陈小禾", 40)]
    with acting(app, "county") as actor:
        assert counted(actor, world.place.school_a.code) == 1


def test_a_visit_to_a_child_of_somebody_else_is_not_found(app: Flask, world: World) -> None:
    with volunteer(app) as actor:
        for child in (world.other, world.foreign):
            with pytest.raises(NotFound):
                log(actor, child)


def test_sending_the_same_entry_twice_keeps_one_record(app: Flask, world: World) -> None:
    entry = uuid.uuid4()
    with volunteer(app) as actor:
        [first] = log(actor, world.mine, entry_id=entry)
        first_id = first.public_id
        db.session.commit()
    with volunteer(app) as actor:
        [again] = log(actor, world.mine, entry_id=entry, minutes=90)
        assert (again.public_id, again.minutes) == (first_id, 40)
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 1


def test_several_children_at_once_make_one_record_each(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        logged = log(actor, world.mine, world.other, kind=VisitKind.TALK)
        assert len({visit.entry_id for visit in logged}) == 1
        assert [visit.stat_unit_id for visit in logged] == [world.place.school_a.id] * 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_on": date(2025, 7, 1)}, "happened_on"),
        ({"happened_on": date(2025, 2, 28)}, "happened_on"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 721}, "minutes"),
        ({"children": []}, "children"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    app: Flask, world: World, changes: dict[str, object], field: str
) -> None:
    with volunteer(app) as actor:
        with pytest.raises(Refused) as refused:
            log(actor, world.mine, **changes)
        assert refused.value.field == field
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 0


def test_the_county_reads_figures_but_logs_nothing(app: Flask, world: World) -> None:
    with acting(app, "county") as actor, pytest.raises(PermissionDenied):
        log(actor, world.mine)
