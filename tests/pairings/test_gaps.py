"""What is missing: each list finds what it is for, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models.pairings import Pairing
from portal.models.volunteers import Volunteer
from portal.services import units
from portal.services.pairings import gaps
from portal.services.pairings.gaps import Gap
from portal.tenancy.roles import Role
from portal.terms import DutyPackage, PairingKind, Side, VolunteerStatus
from tests.acting import acting
from tests.factories.county import add_account, add_child, add_pairing, add_person, add_volunteer, writing
from tests.factories.helping import World
from tests.factories.world import add_visit
from tests.pairings.conftest import TODAY

SCHOOL = "990001-S1"


def found(
    app: Flask, gap: Gap, *, by: str = "coord", code: str = SCHOOL, side: Side = Side.SCHOOL
) -> set[str]:
    """The children (or, above the limit, the helpers) of a list; its count says the same."""
    with acting(app, by) as actor:
        unit = units.get_unit(actor, code)
        lines = gaps.list_gaps(unit, actor=actor, side=side, gap=gap).lines
        assert gaps.count_gaps(unit, actor=actor, side=side)[gap] == len(lines)
        return {one.child.name if one.child else one.helper.name for one in lines if one.child or one.helper}


def test_children_without_a_helper_are_those_who_count_today(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        add_child(session, village=world.place.village_a1, school=world.place.school_a, name="在家", away=())
        ended = add_child(session, village=world.place.village_a1, school=world.place.school_a, name="曾结对")
        add_pairing(session, ended, world.helper.person, world.place.school_a, ends_on=TODAY)
    assert found(app, Gap.UNPAIRED) == {"李思源", "曾结对"}
    assert found(app, Gap.UNPAIRED, by="town", code="990001001") == {"李思源", "曾结对"}
    assert found(app, Gap.UNPAIRED, by="village", code=world.place.village_a1.code, side=Side.VILLAGE) == {
        "李思源", "曾结对"}  # fmt: skip


def test_the_list_goes_on_where_the_page_ended(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        for n in range(5):
            add_child(session, village=world.place.village_a1, school=world.place.school_a, name=f"多{n}")
    with acting(app, "coord") as actor:
        unit, seen, key = units.get_unit(actor, SCHOOL), [], None
        while True:
            page = gaps.list_gaps(unit, actor=actor, side=Side.SCHOOL, gap=Gap.UNPAIRED, after=key, limit=2)
            seen += [one.child.name for one in page.lines if one.child]
            if (key := page.next_key) is None:
                break
    assert len(seen) == len(set(seen)) == 6


def test_a_helper_above_the_limit_is_counted_wherever_her_children_live(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        helper = world.helper.person
        for n in range(3):
            far = add_child(
                session, village=world.place.village_b1, school=world.place.school_b, name=f"外{n}"
            )
            add_pairing(session, far, helper, world.place.school_b)
    assert found(app, Gap.OVER) == set()
    with app.app_context(), writing() as session:
        near = add_child(session, village=world.place.village_a1, school=world.place.school_a, name="近")
        add_pairing(session, near, helper, world.place.school_a)
    assert found(app, Gap.OVER) == {"张志愿"}


@pytest.mark.parametrize("lapse", ["check", "paused", "never"])
def test_a_lapsed_check_stands_there_while_the_pairing_lives(app: Flask, world: World, lapse: str) -> None:
    assert found(app, Gap.LAPSED) == set()
    with app.app_context(), writing() as session:
        person = session.scalars(select(Pairing)).one().helper_id
        one = session.scalars(select(Volunteer).where(Volunteer.person_id == person)).one()
        if lapse == "paused":
            one.status = VolunteerStatus.PAUSED
        else:
            one.vetted_until = TODAY if lapse == "check" else None
    assert found(app, Gap.LAPSED) == {"陈小禾"}
    with app.app_context(), writing() as session:
        session.scalars(select(Pairing)).one().kind = PairingKind.CADRE
    assert found(app, Gap.LAPSED) == set()


@pytest.mark.parametrize(
    ("kind", "package", "days"),
    [
        (PairingKind.VOLUNTEER, None, 31),
        (PairingKind.CADRE, None, 92),
        (PairingKind.CADRE, DutyPackage.FIVE_ONES, 31),
        (PairingKind.PROXY_PARENT, DutyPackage.THREE_THREES, 16),
        (PairingKind.PROXY_PARENT, DutyPackage.THREE_ONES, 92),
    ],
)
def test_a_pairing_is_silent_after_its_time(
    app: Flask, world: World, kind: PairingKind, package: DutyPackage | None, days: int
) -> None:
    with app.app_context(), writing() as session:
        pairing = session.scalars(select(Pairing)).one()
        pairing.kind, pairing.package = kind, package
        child = session.get_one(type(world.mine), world.mine.id)
        visit = add_visit(session, child, pairing.helper, world.place.school_a, pairing=pairing,
                          happened_on=TODAY - timedelta(days=days - 1))  # fmt: skip
        key = visit.id
    assert found(app, Gap.SILENT) == set()
    with app.app_context(), writing() as session:
        session.get_one(type(visit), key).happened_on = TODAY - timedelta(days=days)
    assert found(app, Gap.SILENT) == {"陈小禾"}


def test_a_young_pairing_is_not_silent_yet(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        pairing = session.scalars(select(Pairing)).one()
        pairing.starts_on = TODAY - timedelta(days=30)
    assert found(app, Gap.SILENT) == set()


def test_contacts_after_the_end_or_the_check(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        pairing = session.scalars(select(Pairing)).one()
        mine = session.get_one(type(world.mine), world.mine.id)
        other = session.get_one(type(world.other), world.other.id)
        add_visit(session, mine, pairing.helper, world.place.school_a, pairing=pairing,
                  happened_on=date(2025, 6, 20))  # fmt: skip
        late = add_volunteer(session, world.place.town_a, name="迟查", vetted_until=date(2025, 6, 1))
        again = add_pairing(session, other, late.person, world.place.school_a)
        for day in (date(2025, 5, 31), date(2025, 6, 1)):
            add_visit(session, other, late.person, world.place.school_a, pairing=again, happened_on=day)
    with acting(app, "coord") as actor:
        unit = units.get_unit(actor, SCHOOL)
        lines = gaps.list_gaps(unit, actor=actor, side=Side.SCHOOL, gap=Gap.AFTER).lines
        assert [str(one.words)[:10] for one in lines] == ["2025-06-01"]
    with app.app_context(), writing() as session:
        session.scalars(select(Pairing).where(Pairing.child_id == mine.id)).one().ends_on = date(2025, 6, 19)
    assert found(app, Gap.AFTER) == {"陈小禾", "李思源"}


def test_another_township_sees_none_of_it(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        add_account(session, Role.TOWNSHIP_COORDINATOR, world.place.town_b, "far_town")
        add_person(session, world.place.town_b)
    assert found(app, Gap.UNPAIRED, by="far_town", code="990001002") == {"王春苗"}
