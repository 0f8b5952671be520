"""Priority children: the rule proposes, a person decides, somebody looks again; plans with sealed words."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.models.children import CarePlan, PlanStep, PriorityReview, Standing
from portal.services.children.priority import level_of
from portal.tenancy.scope import unscoped
from portal.terms import PlanOutcome, PriorityLevel, PriorityReason
from tests.children.seated import actions, of_child, rows, seat_the_world, text_of
from tests.clients import sign_in
from tests.factories.world import World

R, L = PriorityReason, PriorityLevel


@pytest.fixture
def world(app: Flask) -> World:
    return seat_the_world(app)


def _of(app: Flask, world: World, kind: type) -> list:
    return rows(app, select(kind).where(kind.child_id == world.children["a1"].id).order_by(kind.id))


@pytest.mark.parametrize(
    ("reasons", "level"),
    [
        ((), L.LOW),
        ((R.POOR,), L.MIDDLE),
        ((R.POOR, R.MIND), L.MIDDLE),
        ((R.POOR, R.MIND, R.ILL), L.HIGH),
        ((R.NO_GUARDIAN,), L.HIGH),
        ((R.NO_GUARDIAN, R.POOR, R.NO_HUKOU), L.URGENT),
        ((R.LIVES_ALONE,), L.URGENT),
        (tuple(R), L.URGENT),
    ],
)
def test_the_rule(reasons: tuple[PriorityReason, ...], level: PriorityLevel) -> None:
    assert level_of(reasons) is level


def test_a_review_puts_the_child_on_the_list_and_the_next_one_ends_it(app: Flask, world: World) -> None:
    client = sign_in(app, "coord")
    sent = {"reasons": ["poor", "mind"], "level": "middle", "note": "", "review_on": "2025-08-01"}
    assert client.post(of_child(world, "priority"), data=sent).status_code == 302
    (made,) = _of(app, world, PriorityReview)
    assert (made.reasons, made.by_rule, made.level, made.review_on) == (
        (R.POOR, R.MIND), L.MIDDLE, L.MIDDLE, date(2025, 8, 1),
    )  # fmt: skip
    today = [s for s in _of(app, world, Standing) if s.starts_on <= date(2025, 6, 30) < s.ends_on]
    assert {s.priority for s in today} == {True}, "the figure POP_PRIORITY follows"
    page = text_of(client, f"/units/{world.near.school_a.code}/children/priority")
    assert world.canaries["a1"].name in page
    assert "2025" in page
    off = {"level": "low", "note": "家庭已脱困，情绪平稳"}
    assert client.post(of_child(world, "priority"), data=off).status_code == 302
    later = [s for s in _of(app, world, Standing) if s.starts_on <= date(2025, 6, 30) < s.ends_on]
    assert {s.priority for s in later} == {False}
    assert actions(app).count("children:priority:review") == 2


def test_a_milder_decision_than_the_facts_wants_a_reason(app: Flask, world: World) -> None:
    sign_in(app, "director").post(
        of_child(world, "care/guardian"), data={"kind": "none", "since": "2025-06-20"}
    )
    client = sign_in(app, "director")
    assert "档案中有新情况" in text_of(client, of_child(world, "care/"))
    mild = {"level": "low", "note": ""}
    answer = client.post(of_child(world, "priority"), data=mild)
    assert answer.status_code == 400
    assert "请写明理由" in answer.text
    late = {"reasons": ["no_guardian"], "level": "high", "review_on": "2025-09-30"}
    answer = client.post(of_child(world, "priority"), data=late)
    assert answer.status_code == 400
    assert "2025-07-30" in answer.text
    assert _of(app, world, PriorityReview) == []
    fine = late | {"review_on": "2025-07-30"}
    assert client.post(of_child(world, "priority"), data=fine).status_code == 302


def test_reviews_due_wait_on_the_first_page(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(app, "coord")
    sent = {"reasons": ["poor"], "level": "middle", "review_on": "2025-07-01"}
    client.post(of_child(world, "priority"), data=sent)
    assert "待复查" not in text_of(client, "/")
    monkeypatch.setenv("PORTAL_TODAY", "2025-07-01")
    assert "1 名重点儿童或方案待复查" in text_of(client, "/")


def _open(app: Flask, world: World, who: str = "teacher") -> str:
    sent = {"kind": "study", "goals": "鹊目标", "first_step": "鹊步骤", "review_on": "2025-07-20"}
    client = sign_in(app, who)
    assert client.post(of_child(world, "plans/new"), data=sent).status_code == 302
    (plan,) = _of(app, world, CarePlan)
    return of_child(world, f"plans/{plan.public_id}/")


def test_a_plan_from_its_first_step_to_its_outcome(app: Flask, world: World) -> None:
    address = _open(app, world)
    client = sign_in(app, "coord")
    assert "鹊目标" in text_of(client, address)
    assert "鹊步骤" in text_of(client, address)
    assert client.post(address + "steps", data={"words": "鹊二步", "due_on": "2025-07-10"}).status_code == 302
    steps = _of(app, world, PlanStep)
    assert client.post(f"{address}steps/{steps[0].public_id}/done").status_code == 302
    assert client.post(f"{address}steps/{steps[0].public_id}/done").status_code == 404, "it is done"
    assert client.post(address + "review", data={"review_on": "2025-08-30"}).status_code == 400
    assert client.post(address + "review", data={"review_on": "2025-07-25"}).status_code == 302
    assert client.post(address + "close", data={"note": "好转"}).status_code == 400
    assert client.post(address + "close", data={"outcome": "reached", "note": "鹊结果"}).status_code == 302
    (plan,) = _of(app, world, CarePlan)
    assert (plan.outcome, plan.closed_on) == (PlanOutcome.REACHED, date(2025, 6, 30))
    answer = client.post(address + "steps", data={"words": "再一步"})
    assert answer.status_code == 400
    assert "请另立新方案" in answer.text
    assert [one for one in actions(app) if "plan" in one] == [
        "children:plan:open", "children:plan:step", "children:plan:done", "children:plan:review",
        "children:plan:close",
    ]  # fmt: skip


def test_the_words_of_a_plan_lie_sealed(app: Flask, world: World) -> None:
    _open(app, world)
    with app.app_context(), unscoped("test: what lies in the table") as session:
        for table in ("care_plan", "plan_step", "audit_entry"):
            raw = str(session.execute(text(f"SELECT * FROM {table}")).all())
            assert "鹊" not in raw, table


def test_a_label_is_no_goal(sqlite_app: Flask) -> None:
    world = seat_the_world(sqlite_app)
    sent = {"kind": "conduct", "goals": "不再是问题学生", "first_step": "谈心", "review_on": "2025-07-20"}
    answer = sign_in(sqlite_app, "teacher").post(of_child(world, "plans/new"), data=sent)
    assert answer.status_code == 400
    assert "问题学生" in answer.text
    assert _of(sqlite_app, world, CarePlan) == []


def test_who_only_reads_is_refused(sqlite_app: Flask) -> None:
    world = seat_the_world(sqlite_app)
    for who in ("head", "town"):
        client = sign_in(sqlite_app, who)
        assert client.get(of_child(world, "care/")).status_code == 200
        assert client.get(of_child(world, "priority")).status_code == 403
        assert client.post(of_child(world, "plans/new"), data={}).status_code == 403
