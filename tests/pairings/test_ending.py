"""Ending and handing over: sight closes the same day; days and visits stay with whoever had them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.pairings import Pairing, PairingProposal
from portal.services import visits
from portal.services.children import listing
from portal.services.pairings import ending, following, reading
from portal.services.pairings.following import Plan
from portal.tenancy.roles import Role
from portal.terms import PairingEnd, PairingKind
from tests.acting import acting
from tests.factories.county import add_account, add_person, writing
from tests.factories.helping import World
from tests.factories.world import add_visit
from tests.pairings.conftest import TODAY, agree, pair


def _only() -> Pairing:
    return db.session.scalars(select(Pairing)).one()


def test_ending_it_closes_the_sight_the_same_day(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        ending.end_pairing(_only(), actor=actor, reason=PairingEnd.PARENTS_BACK)
        db.session.commit()
        with pytest.raises(Refused, match="已经结束"):
            ending.end_pairing(_only(), actor=actor, reason=PairingEnd.OTHER)
    with acting(app, "vol") as actor:
        assert listing.list_paired(actor) == []
        with pytest.raises(NotFound):
            listing.get_child(world.mine.public_id, actor=actor)


def test_the_other_side_does_not_end_it(app: Flask, world: World) -> None:
    with acting(app, "village") as actor, pytest.raises(PermissionDenied):
        ending.end_pairing(_only(), actor=actor, reason=PairingEnd.OTHER)


def test_handing_over_waits_for_the_second_yes_and_keeps_the_credit(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        new = add_account(session, Role.VOLUNTEER, world.place.town_a, "new").person
        mine = session.get_one(type(world.mine), world.mine.id)
        old = session.scalars(select(Pairing)).one()
        add_visit(session, mine, old.helper, world.place.school_a, pairing=old)
    with acting(app, "coord") as actor:
        pairing = _only()
        following.change_plan(
            pairing, actor=actor, plan=Plan(goals="按时完成作业", knows=[following.KNOWS[0]])
        )
        made = ending.hand_over(pairing, actor=actor, helper=new.public_id, on=TODAY)
        db.session.commit()
        assert isinstance(made, PairingProposal)
        assert pairing.is_live_on(TODAY)
        key = made.public_id
    agree(app, key)
    with acting(app, "coord") as actor:
        before, after = db.session.scalars(select(Pairing).order_by(Pairing.id)).all()
        assert (before.ends_on, before.end_reason) == (TODAY, PairingEnd.HANDED_OVER)
        assert (after.starts_on, after.follows_id, after.goals) == (TODAY, before.id, "按时完成作业")
        assert after.knows_child_on is None  # what the new one knows is her own
        assert visits.count_of_pairing(before, actor=actor) == 1
        assert visits.count_of_pairing(after, actor=actor) == 0
    with acting(app, "vol") as actor:
        assert listing.list_paired(actor) == []
    with acting(app, "new") as actor:
        assert [child.name for child, _one in listing.list_paired(actor)] == ["陈小禾"]


def test_a_teacher_hands_over_at_once_on_the_day(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        one, two = (add_person(session, world.place.school_a, name) for name in ("王老师", "赵老师"))
    key = pair(app, world, world.other, one, kind=PairingKind.TEACHER)
    later = TODAY + timedelta(days=20)
    with acting(app, "coord") as actor:
        pairing = reading.get_pairing(key, actor=actor)
        with pytest.raises(Refused) as refused:
            ending.hand_over(pairing, actor=actor, helper=two.public_id, on=TODAY - timedelta(days=1))
        assert refused.value.field == "on"
        with pytest.raises(Refused, match="已经结对"):
            ending.hand_over(pairing, actor=actor, helper=one.public_id, on=TODAY)
        made = ending.hand_over(pairing, actor=actor, helper=two.public_id, on=later)
        assert (pairing.ends_on, made.starts_on) == (later, later)


def test_the_plan_and_what_it_has_brought(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        pairing = _only()
        following.change_plan(pairing, actor=actor, plan=Plan(knows=following.KNOWS[:2]))
        assert (pairing.knows_child_on, pairing.knows_parents_on) == (TODAY, None)
        pairing.knows_child_on = date(2025, 4, 1)
        following.change_plan(pairing, actor=actor, plan=Plan(times="周六", knows=following.KNOWS[:1]))
        assert (pairing.knows_child_on, pairing.knows_guardian_on) == (date(2025, 4, 1), None)
        for day in (date(2025, 2, 1), TODAY + timedelta(days=1)):
            with pytest.raises(Refused) as refused:
                following.review(pairing, actor=actor, made_on=day, effect="开朗了")
            assert refused.value.field == "made_on"
        following.review(pairing, actor=actor, made_on=TODAY, effect="开朗了")
        assert [one.effect for one in reading.list_reviews(pairing, actor=actor)] == ["开朗了"]


def test_a_class_teacher_ends_a_tutor_of_her_class_and_nothing_else(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        one, two = (add_person(session, world.place.school_a, name) for name in ("王老师", "赵老师"))
    tutor = pair(app, world, world.other, one, kind=PairingKind.TUTOR)
    teacher = pair(app, world, world.other, two, kind=PairingKind.TEACHER)
    with acting(app, "teacher") as actor:
        with pytest.raises(PermissionDenied):
            ending.end_pairing(
                reading.get_pairing(teacher, actor=actor), actor=actor, reason=PairingEnd.OTHER
            )
        ending.end_pairing(reading.get_pairing(tutor, actor=actor), actor=actor, reason=PairingEnd.TERM_OVER)
        db.session.commit()
        assert not reading.get_pairing(tutor, actor=actor).is_live_on(TODAY)
