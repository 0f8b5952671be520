"""Guardianship: another guardian, assessments, agreements, contact, and alarms that nobody can dismiss."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.models.children import (
    Absence,
    Alarm,
    CareAgreement,
    Child,
    ChildEvent,
    GuardianAssessment,
    Guardianship,
    Standing,
)
from portal.services.children import alarms, guardianship
from portal.terms import AlarmKind, Assessment, EventKind, GuardianKind, ParentRole
from tests.acting import acting
from tests.children.seated import about_a1, actions, of_child, seat_the_world, text_of
from tests.clients import sign_in
from tests.factories.world import World

NEW = {
    "kind": "relative",
    "since": "2025-06-01",
    "name": "陈小姨",
    "relation": "姨母",
    "phone": "100-0000-0077",
}


@pytest.fixture
def world(app: Flask) -> World:
    return seat_the_world(app)


def test_another_guardian_ends_the_one_before_and_nothing_is_lost(app: Flask, world: World) -> None:
    client = sign_in(app, "director")
    assert client.post(of_child(world, "care/guardian"), data=NEW).status_code == 302
    first, second = about_a1(app, world, Guardianship)
    assert (first.until, second.since, second.kind) == (
        date(2025, 6, 1), date(2025, 6, 1), GuardianKind.RELATIVE,
    )  # fmt: skip
    events = about_a1(app, world, ChildEvent)
    assert [(e.kind, e.happened_on) for e in events] == [(EventKind.GUARDIAN_CHANGED, date(2025, 6, 1))]
    assert {s.guardian for s in about_a1(app, world, Standing) if s.ends_on > date(2025, 6, 30)} == {
        GuardianKind.RELATIVE
    }
    assert "children:guardian:change" in actions(app)
    page = text_of(client, of_child(world, "care/"))
    assert "陈小姨" in page
    assert world.canaries["a1"].guardian in page


def test_the_first_day_corrects_and_a_later_one_ends_the_agreement(app: Flask, world: World) -> None:
    client = sign_in(app, "director")
    assert client.post(of_child(world, "care/guardian"), data=NEW).status_code == 302
    right = NEW | {"name": "陈小娟"}
    assert client.post(of_child(world, "care/guardian"), data=right).status_code == 302
    assert [one.name for one in about_a1(app, world, Guardianship)][1:] == ["陈小娟"], (
        "corrected, not doubled"
    )
    sent = {"signed_on": "2025-06-02", "valid_until": "2026-02-01"}
    assert client.post(of_child(world, "care/agreement"), data=sent).status_code == 302
    assert (
        client.post(of_child(world, "care/assess"), data={"level": "good", "on": "2025-06-03"}).status_code
        == 302
    )
    again = client.post(of_child(world, "care/guardian"), data=NEW | {"name": "别人"})
    assert again.status_code == 400
    assert "已有评估或确认书" in again.text
    later = NEW | {"since": "2025-06-20", "name": "李大伯"}
    assert client.post(of_child(world, "care/guardian"), data=later).status_code == 302
    assert [(one.name, one.until) for one in about_a1(app, world, Guardianship)][1:] == [
        ("陈小娟", date(2025, 6, 20)), ("李大伯", date(9999, 12, 31)),
    ]  # fmt: skip
    (agreement,) = about_a1(app, world, CareAgreement)
    assert (agreement.valid_until, agreement.end_reason) == (date(2025, 6, 20), "监护人变更")
    assert len(about_a1(app, world, GuardianAssessment)) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"since": "2025-07-01"}, "日期在今天之后"),
        ({"since": "2010-01-01"}, "日期早于现任监护人"),
        ({"since": "明天"}, "不是有效的日期"),
        ({"name": "", "phone": ""}, "请填写照护人姓名"),
        ({"kind": ""}, "请选择由谁照护孩子"),
        ({"birth_year": "25"}, "请填写四位年份"),
        ({"name": "长" * 41}, "40"),
    ],
)
def test_a_wrong_field_writes_nothing_and_loses_nothing(
    sqlite_app: Flask, wrong: dict[str, str], sentence: str
) -> None:
    world = seat_the_world(sqlite_app)
    answer = sign_in(sqlite_app, "director").post(of_child(world, "care/guardian"), data=NEW | wrong)
    assert answer.status_code == 400
    assert sentence in answer.text
    kept = [value for key, value in (NEW | wrong).items() if value and key not in ("kind",)]
    assert all(value in answer.text for value in kept)
    assert len(about_a1(sqlite_app, world, Guardianship)) == 1


def test_the_school_may_assess_and_may_not_write_the_family(app: Flask, world: World) -> None:
    client = sign_in(app, "coord")
    assert client.get(of_child(world, "care/guardian")).status_code == 403
    assert client.post(of_child(world, "care/guardian"), data=NEW).status_code == 403
    sent = {"level": "poor", "on": "2025-06-20", "grounds": "老人常住院"}
    assert client.post(of_child(world, "care/assess"), data=sent).status_code == 302
    held = about_a1(app, world, Guardianship)[0]
    assert held.assessment is Assessment.POOR
    found = about_a1(app, world, GuardianAssessment)
    assert [(one.level, one.grounds, one.assessed_on) for one in found] == [
        (Assessment.POOR, "老人常住院", date(2025, 6, 20))
    ]
    older = {"level": "good", "on": "2025-05-01", "grounds": ""}
    assert client.post(of_child(world, "care/assess"), data=older).status_code == 302
    assert about_a1(app, world, Guardianship)[0].assessment is Assessment.POOR, "the newest day counts"


def test_an_assessment_shows_the_official_definitions_and_wants_grounds(sqlite_app: Flask) -> None:
    world = seat_the_world(sqlite_app)
    client = sign_in(sqlite_app, "teacher")
    page = text_of(client, of_child(world, "care/assess"))
    for level in Assessment:
        assert str(guardianship.MEANING[level]) != ""
    assert "潜在风险" in page
    assert "得不到有效保障" in page
    assert "较好保障" in page
    answer = client.post(of_child(world, "care/assess"), data={"level": "fair", "on": "2025-06-20"})
    assert answer.status_code == 400
    assert "请写明看到的情况" in answer.text
    assert about_a1(sqlite_app, world, GuardianAssessment) == []


def test_an_agreement_is_kept_with_its_dates_and_ends_with_a_reason(app: Flask, world: World) -> None:
    client = sign_in(app, "director")
    assert "无书面确认书" in text_of(client, of_child(world, "care/"))
    sent = {"signed_on": "2025-02-01", "valid_until": "2026-02-01", "told_school_on": "2025-02-03"}
    assert client.post(of_child(world, "care/agreement"), data=sent).status_code == 302
    (made,) = about_a1(app, world, CareAgreement)
    assert (made.signed_on, made.valid_until, made.told_school_on, made.told_village_on) == (
        date(2025, 2, 1), date(2026, 2, 2), date(2025, 2, 3), None,
    )  # fmt: skip
    assert "无书面确认书" not in text_of(client, of_child(world, "care/"))
    end = of_child(world, f"care/agreements/{made.public_id}/end")
    assert client.post(end, data={"reason": ""}).status_code == 400
    assert client.post(end, data={"reason": "母亲返乡"}).status_code == 302
    (ended,) = about_a1(app, world, CareAgreement)
    assert (ended.valid_until, ended.end_reason) == (date(2025, 6, 30), "母亲返乡")
    assert client.get(end).status_code == 404, "it has ended"
    assert sign_in(app, "neighbour").get(end).status_code == 404, "another village's child"


def test_contact_is_a_state_with_the_day_it_was_asked(app: Flask, world: World) -> None:
    client = sign_in(app, "teacher")
    sent = {"rhythm": "monthly", "on": "2025-06-10", "home_on": "2025-02-05"}
    assert client.post(of_child(world, "care/contact"), data=sent).status_code == 302
    page = text_of(client, of_child(world, "care/"))
    assert "每月" in page
    assert "不足每周一次" in page
    later = sent | {"on": "2025-07-10"}
    assert client.post(of_child(world, "care/contact"), data=later).status_code == 400


# ---- alarms ----------------------------------------------------------------------------------------------


def test_a_child_without_a_guardian_raises_an_alarm_that_only_a_guardian_ends(
    app: Flask, world: World
) -> None:
    director, coord = sign_in(app, "director"), sign_in(app, "coord")
    nobody = {"kind": "none", "since": "2025-06-20"}
    assert director.post(of_child(world, "care/guardian"), data=nobody).status_code == 302
    (alarm,) = about_a1(app, world, Alarm)
    assert (alarm.kind, alarm.closed_on) == (AlarmKind.NO_GUARDIAN, None)
    for client, code in ((director, world.near.village_a1.code), (coord, world.near.school_a.code)):
        assert "1 个预警待处置" in text_of(client, "/")
        assert world.canaries["a1"].name in text_of(client, f"/units/{code}/children/alarms")
    address = of_child(world, f"alarms/{alarm.public_id}/")
    assert coord.post(address, data={}).status_code == 400, "it cannot be dismissed without an act"
    far = {"act": "reported", "due_on": "2026-06-30"}
    assert coord.post(address, data=far).status_code == 400, "nor put off for a year"
    done = {"act": "reported", "note": "已报派出所", "due_on": "2025-07-03"}
    assert coord.post(address, data=done).status_code == 302
    assert "个预警待处置" not in text_of(coord, "/"), "quiet until somebody looks again"
    (held,) = about_a1(app, world, Alarm)
    assert held.closed_on is None, "the act does not end it"
    assert (
        director.post(of_child(world, "care/guardian"), data=NEW | {"since": "2025-06-25"}).status_code == 302
    )
    (ended,) = about_a1(app, world, Alarm)
    assert ended.closed_on == date(2025, 6, 30)
    assert director.get(address).status_code == 404
    assert [one for one in actions(app) if "alarm" in one] == ["children:alarm:act"]


def test_an_alarm_waits_again_on_the_day_set(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    director = sign_in(app, "director")
    director.post(of_child(world, "care/guardian"), data={"kind": "none", "since": "2025-06-20"})
    (alarm,) = about_a1(app, world, Alarm)
    done = {"act": "carer_sought", "due_on": "2025-07-01"}
    assert director.post(of_child(world, f"alarms/{alarm.public_id}/"), data=done).status_code == 302
    assert "个预警待处置" not in text_of(director, "/")
    monkeypatch.setenv("PORTAL_TODAY", "2025-07-01")
    assert "1 个预警待处置" in text_of(director, "/")


def test_living_alone_alarms_below_sixteen_only(app: Flask, world: World) -> None:
    """G.4 V28: under sixteen and alone is an alarm; on the sixteenth birthday it is none any more."""
    with acting(app, "director"):
        child = db.session.scalars(select(Child).where(Child.id == world.children["a1"].id)).one()
        child.lives_alone = True
        assert alarms.due_kinds(child, date(2031, 4, 30)) == {AlarmKind.LIVES_ALONE}
        assert alarms.due_kinds(child, date(2031, 5, 1)) == frozenset()


def test_a_child_carer_and_a_gap_are_nobody(app: Flask, world: World) -> None:
    day = date(2025, 6, 30)
    with acting(app, "director"):
        child = db.session.scalars(select(Child).where(Child.id == world.children["a1"].id)).one()
        (held,) = child.guardianships
        held.kind, held.birth_year = GuardianKind.SIBLING, 2010
        assert alarms.due_kinds(child, day) == {AlarmKind.NO_GUARDIAN}
        held.birth_year = 2000
        assert alarms.due_kinds(child, day) == frozenset()
        held.until = date(2025, 6, 1)
        child.absences[:] = [Absence(role=role, since=date(2024, 1, 1)) for role in ParentRole]
        db.session.flush()
        assert alarms.due_kinds(child, day) == {AlarmKind.NO_GUARDIAN}
        child.absences.pop()
        assert alarms.due_kinds(child, day) == frozenset(), "one parent is at home"


@pytest.mark.parametrize("who", ["neighbour", "other_coord", "other_director"])
def test_another_unit_does_not_find_the_page(app: Flask, world: World, who: str) -> None:
    client = sign_in(app, who)
    for act in ("care/", "care/assess", "priority", "plans/new"):
        assert client.get(of_child(world, act)).status_code == 404, act


@pytest.mark.parametrize("who", ["vol", "office", "auditor"])
def test_volunteer_and_county_see_nothing_of_it(sqlite_app: Flask, who: str) -> None:
    world = seat_the_world(sqlite_app)
    client = sign_in(sqlite_app, who)
    code = world.near.school_a.code
    for address in (
        of_child(world, "care/"),
        f"/units/{code}/children/alarms",
        f"/units/{code}/children/priority",
    ):
        assert client.get(address).status_code in (403, 404), address
