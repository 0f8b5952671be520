"""How long a file is kept: closed at eighteen, archived after ninety days, erased after the county's years."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, String, Text, inspect, select
from sqlalchemy.types import JSON, Enum, TypeDecorator

from portal.jobs import runner
from portal.models.audit import AuditEntry
from portal.models.children import Child, ChildNote, IdentityClaim, Standing
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.services.children.keeping import blanks, copies, retention
from portal.services.reports import recompute
from portal.tenancy.scope import unscoped
from portal.terms import ExitKind
from tests.children.seated import of_child, rows, seat_the_world, text_of
from tests.clients import sign_in
from tests.factories.world import World

LEFT = date(2025, 3, 1)
SENT = {"reason": "reach_family", "words": "家长来电核对"}


@pytest.fixture
def world(app: Flask) -> World:
    return seat_the_world(app)


def _leave(app: Flask, world: World, *, on: date = LEFT, label: str = "a1") -> None:
    """The child has left, as the event of her village would have written it."""
    with app.app_context(), unscoped("test: leaving") as session:
        child = session.get_one(Child, world.children[label].id)
        child.exited_on, child.exit_kind = on, ExitKind.JOINED_PARENTS
        session.commit()


def _night(app: Flask, day: date) -> retention.Kept:
    with app.app_context(), unscoped("test: a night") as session:
        kept = retention.keep_to_the_rules(session, day=day)
        session.commit()
        assert retention.count_late(session, day=day) == 0
        return kept


def _child(app: Flask, world: World) -> Child:
    return rows(app, select(Child).where(Child.id == world.children["a1"].id))[0]


PAGES = (
    "/", "/units/{school}/children/", "/units/{village}/children/", "/units/{school}/children/?search=雀",
    "/units/{village}/children/alarms", "/units/{village}/children/priority", "/units/{village}/children/cards",
    "/units/{village}/children/sixteen", "/units/{village}/pairings/", "/units/{school}/pairings/",
    "/units/{village}/children/changes", "/units/{village}/children/proposals",
    "/units/{village}/children/transfers", "/visits/",
)  # fmt: skip


def test_after_ninety_days_no_list_no_search_and_no_page_knows_the_child(app: Flask, world: World) -> None:
    canary, near = world.canaries["a1"], world.near
    _leave(app, world)
    assert _night(app, LEFT + timedelta(days=89)) == retention.Kept(0, 0, 0)
    director = sign_in(app, "director")
    assert canary.name in text_of(director, f"/units/{near.village_a1.code}/children/")
    assert _night(app, LEFT + timedelta(days=90)) == retention.Kept(0, 1, 0)
    for who in ("director", "coord", "teacher", "town", "vol", "office", "head"):
        client = sign_in(app, who)
        for page in PAGES:
            address = page.format(school=near.school_a.code, village=near.village_a1.code)
            answer = client.get(address)
            for word in (canary.name, canary.note, canary.phone):
                assert word not in answer.text, (who, address, word)
        assert client.get(of_child(world)).status_code in (403, 404), who
        for act in ("care/", "card/", "keeping/", "file/", "status/"):
            assert client.get(of_child(world, act)).status_code in (403, 404), (who, act)
    found = director.post(f"/units/{near.village_a1.code}/children/new/look", data={"name": canary.name})
    assert canary.name not in found.text.replace(f'value="{canary.name}"', "")
    assert _child(app, world).archived_on == LEFT + timedelta(days=90)


def test_the_archive_shows_case_numbers_and_opens_one_file_with_a_reason(app: Flask, world: World) -> None:
    canary, near = world.canaries["a1"], world.near
    _leave(app, world)
    _night(app, date(2025, 6, 30))
    for who, code in (
        ("auditor", near.county.code),
        ("director", near.village_a1.code),
        ("head", near.school_a.code),
    ):
        page = text_of(sign_in(app, who), f"/units/{code}/children/archive")
        assert canary.case_no in page, who
        assert canary.name not in page, who
    assert canary.case_no not in text_of(
        sign_in(app, "neighbour"), f"/units/{near.village_a2.code}/children/archive"
    )
    address = f"/archive/{world.children['a1'].public_id}/"
    head = sign_in(app, "head")
    assert head.post(address, data=SENT | {"words": ""}).status_code == 400
    answer = head.post(address, data=SENT)
    assert answer.status_code == 200
    assert canary.name in answer.text
    lines = rows(app, select(AuditEntry).where(AuditEntry.action == "children:archive:open"))
    assert [(one.details["case"], one.details["reason"]) for one in lines] == [
        (canary.case_no, "家长来电核对")
    ]
    assert sign_in(app, "auditor").post(address, data=SENT).status_code == 403
    assert sign_in(app, "neighbour").post(address, data=SENT).status_code == 404
    assert sign_in(app, "coord").get(address).status_code == 403


def test_a_child_who_is_back_has_her_file_again(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr("portal.jobs.board.ring", rung.append)
    _leave(app, world)
    _night(app, date(2025, 6, 30))
    director = sign_in(app, "director")
    assert director.post(f"/archive/{world.children['a1'].public_id}/back").status_code == 302
    with app.app_context():
        runner.run(rung[0])
    assert world.canaries["a1"].name in text_of(director, f"/units/{world.near.village_a1.code}/children/")
    child = _child(app, world)
    assert (child.archived_on, child.exited_on, child.village_id) == (None, None, world.near.village_a1.id)
    assert director.get(of_child(world, "care/")).status_code == 200


def test_after_the_countys_years_who_she_was_is_erased_and_the_figures_stay(app: Flask, world: World) -> None:
    canary = world.canaries["a1"]
    before = len(rows(app, select(Visit))), len(rows(app, select(Standing)))
    _leave(app, world)
    _night(app, date(2025, 6, 30))
    assert _night(app, date(2028, 2, 29)).erased == 0
    assert _night(app, date(2028, 3, 1)).erased == 1
    assert _night(app, date(2028, 3, 2)) == retention.Kept(0, 0, 0), "once"
    with app.app_context(), unscoped("test: reading all") as session:
        child = session.get_one(Child, world.children["a1"].id)
        said = copies.collect(session, child)
        words = said.as_json().decode()
        assert recompute.check(session, world.near.county.id) == [], "the cells know no difference"
    child = _child(app, world)
    for word in (canary.name, canary.phone, canary.address, canary.remark, canary.health, canary.note,
                 canary.id_no, canary.guardian, canary.parent, canary.giver):  # fmt: skip
        assert word not in words, word
    assert (child.erased_on, child.birth_date.month, child.birth_date.day) == (date(2028, 3, 1), 1, 1)
    assert child.id_no_index is None
    assert (len(rows(app, select(Visit))), len(rows(app, select(Standing)))) == before
    assert rows(app, select(ChildNote).where(ChildNote.child_id == child.id)) == []
    assert rows(app, select(IdentityClaim).where(IdentityClaim.unit_id == 0)) == []
    (line,) = rows(app, select(AuditEntry).where(AuditEntry.action == "children:file:erase"))
    assert line.details["case"] == canary.case_no
    assert line.details["rows"] >= 5
    assert len(line.details["hash"]) == 64


def test_whoever_is_eighteen_leaves_on_her_birthday(app: Flask, world: World) -> None:
    with app.app_context(), unscoped("test: grown") as session:
        session.get_one(Child, world.children["a1"].id).birth_date = date(2007, 6, 29)
        session.commit()
    assert _night(app, date(2025, 6, 30)).closed == 1
    child = _child(app, world)
    assert (child.exited_on, child.exit_kind) == (date(2025, 6, 29), ExitKind.GROWN)
    assert _night(app, date(2025, 9, 27)).archived == 1
    assert all(
        one.ends_on <= date(2025, 9, 27)
        for one in rows(app, select(Pairing).where(Pairing.child_id == child.id))
    )


def test_a_job_that_did_not_run_is_seen(app: Flask, world: World) -> None:
    _leave(app, world)
    with app.app_context(), unscoped("test: counting") as session:
        assert retention.count_late(session, day=LEFT + timedelta(days=97)) == 1
        assert retention.count_late(session, day=LEFT + timedelta(days=96)) == 0


def _is_text(column: Any) -> bool:
    kind = column.type
    if isinstance(kind, Enum) or (isinstance(kind, TypeDecorator) and "Terms" in type(kind).__name__):
        return False
    return isinstance(kind, String | Text | LargeBinary | JSON)


def test_every_word_about_a_child_is_either_erased_or_named_as_kept() -> None:
    for kind, _keys in copies.kinds_about_a_child():
        table = kind.__table__
        if table.name in blanks.REMOVED:
            continue
        texts = {column.name for column in table.columns if _is_text(column)}
        known = {*blanks.BLANKS.get(table.name, ()), *blanks.KEPT.get(table.name, ())}
        assert texts <= known, (table.name, texts - known)
        assert known <= {column.name for column in table.columns}, table.name
        assert inspect(kind)


def test_the_county_sets_its_rules_and_every_child_is_counted_anew(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[int] = []
    monkeypatch.setattr("portal.jobs.board.ring", rung.append)
    office, code = sign_in(app, "office"), world.near.county.code
    address = f"/units/{code}/children/rules"
    assert office.post(address, data={"keep_years": "0", "months_away": "99"}).status_code == 400
    assert "请填写1至30年" in office.post(address, data={"keep_years": "0", "months_away": "6"}).text
    official = len([one for one in rows(app, select(Standing)) if one.official])
    limits = {"pairs_teacher": "3", "pairs_tutor": "5", "pairs_cadre": "2", "pairs_other": "4"}
    same = {"keep_years": "5", "months_away": "6", "across_county": "y", **limits}
    assert office.post(address, data=same).status_code == 302
    assert rung == [], "nobody counts otherwise"
    assert office.post(address, data=same | {"months_away": "0"}).status_code == 302
    with app.app_context():
        runner.run(rung[0])
    changed = rows(app, select(Standing))
    assert len([one for one in changed if one.official]) >= official
    starts = {one.starts_on for one in changed if one.official and one.stat_county_id == world.near.county.id}
    assert starts != set()
    edits = select(AuditEntry).where(AuditEntry.action == "children:rules:edit").order_by(AuditEntry.seq)
    assert [one.details["months"] for one in rows(app, edits)] == [6, 0]
    assert sign_in(app, "town").get(f"/units/{world.near.town_a.code}/children/rules").status_code == 403
