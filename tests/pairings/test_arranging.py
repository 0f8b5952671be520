"""Making a pairing: what each kind asks of the helper, the family, the day, the number of children."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.accounts import User
from portal.models.children import CountyRules
from portal.models.pairings import Pairing, PairingProposal
from portal.services import units
from portal.services.children import listing
from portal.services.pairings import arranging
from portal.services.pairings.arranging import Arrangement
from portal.tenancy.columns import FOREVER
from portal.terms import PairingKind, VolunteerStatus
from tests.acting import acting
from tests.factories.county import add_child, add_consent, add_person, add_volunteer, writing
from tests.factories.helping import World
from tests.pairings.conftest import TODAY, pair, propose

STAFF = [PairingKind.TEACHER, PairingKind.TUTOR, PairingKind.MENTOR]
CHECKED = [kind for kind in PairingKind if kind.is_checked]


@pytest.mark.parametrize("kind", STAFF)
def test_a_teacher_of_the_school_helps_at_once_and_without_the_family(
    app: Flask, world: World, kind: PairingKind
) -> None:
    with app.app_context(), writing() as session:
        own, other = add_person(session, world.place.school_a), add_person(session, world.place.school_b)
        alone = add_child(session, village=world.place.village_a1, school=world.place.school_a, name="无书")
    with acting(app, "coord") as actor:
        made = propose(actor, world, alone, own, kind)
        assert isinstance(made, Pairing)
        assert made.is_live_on(TODAY)
        assert (made.ends_on, made.stat_unit_id) == (FOREVER, world.place.school_a.id)
    with acting(app, "coord") as actor, pytest.raises(Refused, match="本校教师"):
        propose(actor, world, world.other, other, kind)


def test_a_village_has_no_teachers(app: Flask, world: World) -> None:
    with acting(app, "village") as actor:
        unit = units.get_unit(actor, world.place.village_a1.code)
        assert not any(kind.is_of_school for kind in arranging.kinds_at(unit))
        child = listing.get_child(world.other.public_id, actor=actor)
        asked = Arrangement(PairingKind.TEACHER, TODAY)
        with pytest.raises(NotFound):
            arranging.pair(
                child, actor=actor, unit=unit, helper=world.helper.person.public_id, arrangement=asked
            )


def test_a_cadre_of_the_county_helps_for_three_years_where_the_family_agrees(
    app: Flask, world: World
) -> None:
    with app.app_context(), writing() as session:
        cadre = add_person(session, world.place.county, "局干部")
        alone = add_child(session, village=world.place.village_a1, school=world.place.school_a, name="无书")
    with acting(app, "coord") as actor:
        made = propose(actor, world, world.other, cadre, PairingKind.CADRE, starts_on=date(2024, 9, 2))
        assert isinstance(made, Pairing)
        assert made.ends_on == date(2027, 9, 2)
    with acting(app, "coord") as actor, pytest.raises(Refused, match="家庭尚未同意"):
        propose(actor, world, alone, cadre, PairingKind.CADRE)


@pytest.mark.parametrize("kind", CHECKED)
def test_somebody_from_outside_is_proposed_and_sees_nothing_yet(
    app: Flask, world: World, kind: PairingKind
) -> None:
    with acting(app, "coord") as actor:
        made = propose(actor, world, world.other, world.helper.person, kind)
        assert isinstance(made, PairingProposal)
        assert not db.session.scalars(select(Pairing).where(Pairing.child_id == world.other.id)).all()


def test_an_unvetted_volunteer_cannot_be_paired(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        late = add_volunteer(session, world.place.town_a, name="迟查", vetted_until=TODAY)
        waits = add_volunteer(session, world.place.town_a, name="待审", status=VolunteerStatus.PENDING)
        far = add_volunteer(session, world.place.town_b, name="远方")
        stranger = add_person(session, world.place.town_a, "路人")
    with acting(app, "coord") as actor:
        for helper in (late.person, waits.person, far.person, stranger):
            with pytest.raises(Refused) as refused:
                propose(actor, world, world.other, helper)
            assert refused.value.field == "helper"


def test_nobody_pairs_herself(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        person = session.scalars(select(User).where(User.username == "coord")).one().person
        add_volunteer(session, world.place.town_a, person=person)
    with acting(app, "coord") as actor, pytest.raises(Refused, match="为自己"):
        propose(actor, world, world.other, person)


def test_the_same_two_or_a_second_helper_of_a_kind_is_refused(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        second = add_volunteer(session, world.place.town_a, name="第二").person
        teacher = add_person(session, world.place.school_a)
    helper = world.helper.person
    with acting(app, "coord") as actor:
        propose(actor, world, world.other, helper)
        with pytest.raises(Refused, match="已经结对"):
            propose(actor, world, world.other, helper, PairingKind.FIVE_ELDERS)
        with pytest.raises(Refused, match="同类帮扶人"):
            propose(actor, world, world.other, second)
        propose(actor, world, world.other, teacher, PairingKind.TEACHER)


def test_above_the_countys_limit_a_reason_is_asked_for_and_kept(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        more = [add_child(session, village=world.place.village_a1, school=world.place.school_a, name=f"多{n}")
                for n in range(3)]  # fmt: skip
        rules = CountyRules(county_id=world.place.county.id, unit_id=world.place.county.id, pairs_teacher=2,
                            township_id=world.place.county.township_id)  # fmt: skip
        session.add(rules)
        teacher = add_person(session, world.place.school_a)
    for child in more[:2]:
        pair(app, world, child, teacher, kind=PairingKind.TEACHER)
    with acting(app, "coord") as actor:
        with pytest.raises(Refused, match="上限为 2 名") as refused:
            propose(actor, world, more[2], teacher, PairingKind.TEACHER)
        assert refused.value.field == "beyond"
        propose(actor, world, more[2], teacher, PairingKind.TUTOR)  # tutors have a limit of their own
        made = propose(actor, world, world.other, teacher, PairingKind.TEACHER, beyond="班里只有她一位老师")
        assert made.beyond == "班里只有她一位老师"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": TODAY - timedelta(days=400)}, "starts_on"),
        ({"starts_on": TODAY + timedelta(days=400)}, "starts_on"),
        ({"ends_on": TODAY}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=3000)}, "ends_on"),
    ],
)
def test_days_out_of_reason_are_refused_beside_their_field(
    app: Flask, world: World, changes: dict[str, date], field: str
) -> None:
    with acting(app, "coord") as actor, pytest.raises(Refused) as refused:
        propose(actor, world, world.other, world.helper.person, **changes)
    assert refused.value.field == field


def test_a_pairing_ends_with_the_familys_consent(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        short = add_child(session, village=world.place.village_a1, school=world.place.school_a, name="短约")
        add_consent(session, short, world.helper.person, expires_on=date(2025, 9, 1))
    with acting(app, "coord") as actor:
        made = propose(actor, world, short, world.helper.person, ends_on=date(2026, 1, 1))
        assert made.ends_on == date(2025, 9, 1)
    with acting(app, "coord") as actor, pytest.raises(Refused) as refused:
        propose(actor, world, short, world.helper.person, starts_on=date(2025, 9, 1))
    assert refused.value.field == "starts_on"


def test_nobody_is_paired_with_a_child_who_has_left(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        session.get_one(type(world.other), world.other.id).exited_on = TODAY
    with acting(app, "coord") as actor, pytest.raises(Refused, match="已离开"):
        propose(actor, world, world.other, world.helper.person)


def test_a_class_teacher_assigns_a_tutor_and_no_other_kind(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        colleague = add_person(session, world.place.school_a, "数学老师")
    with acting(app, "teacher") as actor:
        unit = units.get_unit(actor, world.place.school_a.code)
        child = listing.get_child(world.other.public_id, actor=actor)
        made = arranging.assign_tutor(child, actor=actor, unit=unit, helper=colleague.public_id, starts_on=TODAY,
                                      content="数学")  # fmt: skip
        db.session.commit()
        assert (made.kind, made.content) == (PairingKind.TUTOR, "数学")
        with pytest.raises(PermissionDenied):
            arranging.pair(child, actor=actor, unit=unit, helper=colleague.public_id,
                           arrangement=Arrangement(PairingKind.TEACHER, TODAY))  # fmt: skip
        with pytest.raises(NotFound):
            listing.get_child(world.mine.public_id, actor=actor)
