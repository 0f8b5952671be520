"""Status on any day in words, events and what follows from them, the change table, who turns sixteen."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.models.children import Absence, ChangeSheet, Child, ChildEvent, Placement, Standing
from portal.tenancy.scope import unscoped
from portal.terms import Basis, EventKind, ExitKind, Schooling
from tests.children.seated import actions, of_child, rows, seat_the_world, text_of
from tests.clients import sign_in
from tests.factories.world import World


@pytest.fixture
def world(app: Flask) -> World:
    return seat_the_world(app)


def _of(app: Flask, world: World, kind: type, label: str = "a1") -> list:
    return rows(app, select(kind).where(kind.child_id == world.children[label].id).order_by(kind.id))


def _child(app: Flask, world: World, label: str = "a1") -> Child:
    return rows(app, select(Child).where(Child.id == world.children[label].id))[0]


def test_any_day_says_why_in_words(app: Flask, world: World) -> None:
    """Both parents away since 2023-09-01: wide at once, official after six months, nothing from sixteen on."""
    client = sign_in(app, "teacher")
    status = of_child(world, "status/")
    on_day = {day: text_of(client, f"{status}?day={day}") for day in (
        "2023-08-31", "2023-09-01", "2024-03-01", "2031-05-01", "2010-01-01")}  # fmt: skip
    assert "父亲在家" in on_day["2023-08-31"]
    assert "自 2024-03-01 起计入官方口径" in on_day["2023-09-01"]
    assert "时间已够官方口径" in on_day["2024-03-01"]
    assert "已满 16 周岁" in on_day["2031-05-01"]
    assert "尚未出生" in on_day["2010-01-01"]
    assert "2025-06-30" in text_of(client, f"{status}?day=昨天"), "nonsense is today"


def test_a_parent_leaves_and_comes_back(app: Flask, world: World) -> None:
    client = sign_in(app, "director")
    new = of_child(world, "events/new")
    back = {"kind": "parent_returned", "role": "mother", "on": "2025-06-10"}
    assert client.post(new, data=back).status_code == 302
    mother = next(one for one in _of(app, world, Absence) if one.role == "mother")
    assert mother.until == date(2025, 6, 10)
    assert _child(app, world).parents_home_on == date(2025, 6, 10)
    today = [s for s in _of(app, world, Standing) if s.ends_on > date(2025, 6, 30)]
    assert {(s.official, s.both_away) for s in today} == {(False, False)}
    assert client.post(new, data=back).status_code == 400, "she is at home"
    away = {"kind": "parent_left", "role": "mother", "on": "2025-06-20", "place": "浙江宁波"}
    assert client.post(new, data=away).status_code == 302
    assert [one.work_place for one in _of(app, world, Absence)][-1] == "浙江宁波"
    assert [e.kind for e in _of(app, world, ChildEvent)] == [EventKind.PARENT_RETURNED, EventKind.PARENT_LEFT]
    assert actions(app).count("children:event:write") == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on": "2025-07-01"}, "日期须在儿童出生之日至今天之间"),
        ({"on": "2014-01-01"}, "日期须在儿童出生之日至今天之间"),
        ({"role": ""}, "请选择父亲或母亲"),
        ({"kind": "twirled"}, "sw-field-error"),
        ({"kind": "dropped_out"}, "sw-field-error"),
        ({"on": ""}, "请选择日期"),
        ({"note": "长" * 201}, "200"),
    ],
)
def test_a_wrong_event_writes_nothing(sqlite_app: Flask, wrong: dict[str, str], sentence: str) -> None:
    world = seat_the_world(sqlite_app)
    sent = {"kind": "parent_returned", "role": "mother", "on": "2025-06-10", "note": "春耕"} | wrong
    answer = sign_in(sqlite_app, "director").post(of_child(world, "events/new"), data=sent)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert sent["note"] in answer.text
    assert _of(sqlite_app, world, ChildEvent) == []


def test_study_is_the_schools_and_the_family_the_villages(app: Flask, world: World) -> None:
    coord, director = sign_in(app, "coord"), sign_in(app, "director")
    new = of_child(world, "events/new")
    family = {"kind": "parent_returned", "role": "mother", "on": "2025-06-10"}
    assert coord.post(new, data=family).status_code == 400, "no choice of the school's"
    assert director.post(new, data={"kind": "dropped_out", "on": "2025-06-10"}).status_code == 400
    assert coord.post(new, data={"kind": "dropped_out", "on": "2025-06-10"}).status_code == 302
    assert _child(app, world).schooling is Schooling.DROPPED_OUT
    assert coord.post(new, data={"kind": "back_in_school", "on": "2025-06-20"}).status_code == 302
    assert _child(app, world).schooling is Schooling.PRIMARY
    for who in ("teacher", "head", "town"):
        assert sign_in(app, who).get(new).status_code == 403, who
    for who in ("neighbour", "other_coord"):
        assert sign_in(app, who).get(new).status_code == 404, who


def test_who_goes_to_live_with_the_parents_counts_no_more(app: Flask, world: World) -> None:
    client = sign_in(app, "director")
    gone = {"kind": "joined_parents", "on": "2025-06-15"}
    assert client.post(of_child(world, "events/new"), data=gone).status_code == 302
    child = _child(app, world)
    assert (child.exited_on, child.exit_kind) == (date(2025, 6, 15), ExitKind.JOINED_PARENTS)
    assert {one.until for one in _of(app, world, Placement)} == {date(2025, 6, 15)}
    assert max(one.ends_on for one in _of(app, world, Standing)) == date(2025, 6, 15)
    again = client.post(of_child(world, "events/new"), data=gone)
    assert again.status_code == 400, "the file is no longer kept up"


# ---- the change table -----------------------------------------------------------------------------------


def _sheets(app: Flask) -> list[ChangeSheet]:
    return rows(app, select(ChangeSheet).order_by(ChangeSheet.id))


def test_last_month_and_joined_less_gone_make_this_month(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """上期 + 新增 − 减少 = 本期, and what is written late never changes a closed month (rule V31)."""
    client, code = sign_in(app, "director"), world.near.village_a1.code
    table = f"/units/{code}/children/changes"
    monkeypatch.setenv("PORTAL_TODAY", "2025-07-05")
    close = {"side": "village", "basis": "wide"}
    assert client.post(table, data=close | {"ym": "202506"}).status_code == 302
    gone = {"kind": "joined_parents", "on": "2025-07-03"}
    assert client.post(of_child(world, "events/new"), data=gone).status_code == 302
    late = {"kind": "joined_parents", "on": "2025-06-20"}
    assert client.post(of_child(world, "events/new", "home"), data=late).status_code == 302
    monkeypatch.setenv("PORTAL_TODAY", "2025-08-02")
    assert client.post(table, data=close | {"ym": "202507"}).status_code == 302
    june, july = _sheets(app)
    assert (june.ym, june.closing) == (202506, june.opening)
    assert (july.opening, july.joined, july.gone, july.corrected) == (june.closing, 0, 1, -1)
    assert july.closing == july.opening + july.joined - july.gone + july.corrected == june.closing - 2
    page = text_of(client, f"{table}?ym=202507&basis=wide")
    assert "随父母生活" in page
    assert world.canaries["a1"].name in page


def test_months_are_closed_once_and_in_order(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, code = sign_in(app, "coord"), world.near.school_a.code
    table = f"/units/{code}/children/changes"
    monkeypatch.setenv("PORTAL_TODAY", "2025-08-02")
    sent = {"side": "school", "basis": "wide"}
    for month, said in (
        ("202508", "本月尚未结束"), ("202505", "已关闭"), ("202505", "已经关闭"), ("202507", "须逐月关闭"),
        ("202506", "已关闭"),
    ):  # fmt: skip
        answer = client.post(table, data=sent | {"ym": month}, follow_redirects=True)
        assert said in answer.text, month
    assert [(one.ym, one.basis) for one in _sheets(app)] == [(202505, Basis.WIDE), (202506, Basis.WIDE)]
    assert sign_in(app, "teacher").post(table, data=sent | {"ym": "202507"}).status_code == 403
    assert sign_in(app, "town").post(table, data=sent | {"ym": "202507"}).status_code == 403
    assert sign_in(app, "other_coord").get(table).status_code == 404


def test_the_names_of_a_closed_table_lie_sealed(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, code = sign_in(app, "director"), world.near.village_a1.code
    client.post(of_child(world, "events/new"), data={"kind": "joined_parents", "on": "2025-06-15"})
    monkeypatch.setenv("PORTAL_TODAY", "2025-07-05")
    sent = {"ym": "202506", "side": "village", "basis": "wide"}
    assert client.post(f"/units/{code}/children/changes", data=sent).status_code == 302
    with app.app_context(), unscoped("test: what lies in the table") as session:
        assert world.canaries["a1"].name not in str(session.execute(text("SELECT * FROM change_sheet")).all())
    assert world.canaries["a1"].name in text_of(client, f"/units/{code}/children/changes?ym=202506")


def test_who_turns_sixteen_next_month(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """G.4 V28: born 2015-05-01, so on the list of May 2031 and on no other."""
    client, code = sign_in(app, "director"), world.near.village_a1.code
    for today, listed in (("2031-03-31", False), ("2031-04-01", True), ("2031-05-02", False)):
        monkeypatch.setenv("PORTAL_TODAY", today)
        client = sign_in(app, "director")
        page = text_of(client, f"/units/{code}/children/sixteen")
        assert (world.canaries["a1"].name in page) is listed, today
