"""Three names under a census list, sending it back, entering for a village, and the frozen roster."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.models.children import Child, FrozenRoster
from portal.tenancy.names import person_name_key
from portal.terms import CensusState
from tests.children.censuses import actions_of, at, fill, list_of, mark, sign, url_of
from tests.clients import sign_in
from tests.factories.county import writing
from tests.factories.world import World


def test_three_names_of_three_people_stand_under_a_class(app: Flask, opened: World) -> None:
    assert sign(app, opened, "teacher", "school_a", "filled") == 400, "nobody has been looked at"
    assert fill(app, opened, "teacher", "school_a") == 302
    assert mark(app, opened, "teacher", "school_a", "a1", verdict="open") == 400, "signed is signed"
    assert sign(app, opened, "teacher", "school_a", "checked") == 403
    assert sign(app, opened, "head", "school_a", "signed") == 400, "not checked yet"
    assert sign(app, opened, "coord", "school_a", "checked") == 302
    assert sign(app, opened, "coord", "school_a", "signed") == 403, "the head signs"
    assert sign(app, opened, "head", "school_a", "signed") == 302
    held = list_of(app, opened, "school_a")
    assert held.state is CensusState.SIGNED
    assert len({held.filled_by_id, held.checked_by_id, held.signed_by_id}) == 3
    assert [line.details["step"] for line in actions_of(app, "children:census:sign")] == [
        "filled",
        "checked",
        "signed",
    ]


def test_nobody_checks_what_she_filled_in(app: Flask, opened: World) -> None:
    assert fill(app, opened, "director", "village_a1") == 302
    assert sign(app, opened, "director", "village_a1", "checked") == 400
    assert sign(app, opened, "townb", "village_a1", "checked") == 404
    assert sign(app, opened, "town", "village_a1", "checked") == 302
    assert sign(app, opened, "town", "village_a1", "signed") == 302


def test_a_list_is_sent_back_until_its_third_name(app: Flask, opened: World) -> None:
    assert fill(app, opened, "director", "village_a1") == 302
    url = url_of(app, opened, "village_a1", "back")
    assert sign_in(app, "town").post(url, data={"reason": ""}).status_code == 400
    assert sign_in(app, "townb").post(url, data={"reason": "东头两户"}).status_code == 404
    assert sign_in(app, "town").post(url, data={"reason": "东头两户"}).status_code == 302
    held = list_of(app, opened, "village_a1")
    assert (held.state, held.filled_by_id, held.sent_back) == (CensusState.TO_DO, None, "东头两户")
    assert "东头两户" in sign_in(app, "director").get(url_of(app, opened, "village_a1")).text
    assert sign(app, opened, "director", "village_a1", "filled") == 302
    for step in ("checked", "signed"):
        assert sign(app, opened, "town", "village_a1", step) == 302
    assert sign_in(app, "town").post(url, data={"reason": "再看"}).status_code == 400


def test_a_township_enters_for_a_village_and_the_list_says_so(app: Flask, opened: World) -> None:
    town, url = sign_in(app, "town"), url_of(app, opened, "village_a1")
    assert sign_in(app, "director").post(url + "for").status_code == 403
    assert sign_in(app, "townb").post(url + "for").status_code == 404
    assert town.post(url_of(app, opened, "school_a", "for")).status_code == 403, "not for a school"
    assert town.post(url + "for").status_code == 302
    assert mark(app, opened, "town", "village_a1", "a1") == 302
    assert fill(app, opened, "town", "village_a1") == 302
    assert sign(app, opened, "town", "village_a1", "checked") == 400, "two people at least"
    for step in ("checked", "signed"):
        assert sign(app, opened, "director", "village_a1", step) == 302
    town = sign_in(app, "town")
    assert "乡镇代报" in town.get(at(opened, "town_a")).text
    assert "乡镇代报" in town.get(url + "roster").text


def test_the_roster_stays_as_frozen_whatever_changes_after(app: Flask, opened: World) -> None:
    assert mark(app, opened, "director", "village_a1", "home", verdict="removed", reason="moved") == 302
    assert fill(app, opened, "director", "village_a1") == 302
    for step in ("checked", "signed"):
        assert sign(app, opened, "town", "village_a1", step) == 302
    url, canary = url_of(app, opened, "village_a1", "roster"), opened.canaries["a1"]
    before = sign_in(app, "director").get(url)
    assert before.status_code == 200
    assert canary.name in before.text
    assert opened.canaries["home"].name not in before.text, "taken off"
    with app.app_context(), writing() as session:
        child = session.get_one(Child, opened.children["a1"].id)
        child.name, child.name_key = "改名了", person_name_key("改名了")
        child.village = opened.near.village_a2
        assert canary.name.encode() not in session.scalars(select(FrozenRoster)).one().rows_sealed
    after = sign_in(app, "director").get(url).text
    assert canary.name in after
    assert "改名了" not in after
    assert sign_in(app, "director2").get(url).status_code == 404
    for login in ("office", "auditor", "townleader"):
        assert sign_in(app, login).get(url).status_code == 403, "numbers only"
    assert actions_of(app, "children:roster:read")[-1].details["children"] == 2


def test_a_roster_that_was_changed_outside_is_not_printed(app: Flask, opened: World) -> None:
    assert fill(app, opened, "director", "village_a1") == 302
    for step in ("checked", "signed"):
        assert sign(app, opened, "town", "village_a1", step) == 302
    with app.app_context(), writing() as session:
        session.scalars(select(FrozenRoster)).one().rows = "[]"
    assert sign_in(app, "director").get(url_of(app, opened, "village_a1", "roster")).status_code == 400
