"""The pages of the tree, as a clerk uses them."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models.children import Child
from portal.tenancy.scope import unscoped
from tests.clients import sign_in
from tests.demo_clients import statements
from tests.units.conftest import Place

DAY = {"on": "2025-06-16", "paper": "甲政发〔2025〕3号"}


@pytest.fixture
def place(page_place: Place) -> Place:
    return page_place


@pytest.fixture
def office(place: Place) -> FlaskClient:
    return sign_in(place.app, "office")


@pytest.fixture
def coordinator(place: Place) -> FlaskClient:
    return sign_in(place.app, "coord_a")


def test_a_village_is_opened_and_stands_on_the_townships_page(coordinator: FlaskClient, place: Place) -> None:
    address = f"/units/{place.town_a}/tree/open"
    assert "设立" in coordinator.get(address).text
    answer = coordinator.post(
        address, data=DAY | {"kind": "village", "name": "甲新村", "code": "990001001009"}
    )
    assert answer.status_code == 302, answer.text
    page = coordinator.get(answer.location).text
    assert "甲新村" in page
    assert "在下级设立甲新村" in page
    assert "甲政发〔2025〕3号" in page


def test_every_mistake_is_told_beside_its_field_and_nothing_is_lost(
    coordinator: FlaskClient, place: Place
) -> None:
    data = {"kind": "school", "name": "校", "code": "7", "on": "2020-01-01", "paper": "<b>文</b>"}
    answer = coordinator.post(f"/units/{place.town_a}/tree/open", data=data)
    assert answer.status_code == 400
    for field in ("school_kind", "name", "code", "on"):  # all of them in one answer
        assert f'id="{field}-error"' in answer.text, field
    for typed in ("校", "2020-01-01", "&lt;b&gt;文"):
        assert typed in answer.text


def test_a_merge_is_looked_at_confirmed_and_taken_back(coordinator: FlaskClient, place: Place) -> None:
    address = f"/units/{place.a1}/tree/merge"
    seen = coordinator.post(address, data=DAY | {"to": place.a2, "step": "preview"})
    assert seen.status_code == 200
    assert "请再核对一遍" in seen.text
    assert re.search(r"在册儿童</dt><dd>3<", seen.text)
    assert "甲东村" in coordinator.get(f"/units/{place.town_a}/").text
    done = coordinator.post(address, data=DAY | {"to": place.a2, "step": "confirm"})
    assert done.location == f"/units/{place.a2}/"
    page = coordinator.get(f"/units/{place.a2}/").text
    assert "甲东村并入本单位" in page
    undo = re.search(r'action="([^"]*/undo)"', page)
    assert undo is not None
    assert coordinator.post(undo.group(1)).status_code == 302
    page = coordinator.get(f"/units/{place.a1}/").text
    assert "已撤回" in page
    assert "/tree/merge" in page


def test_a_move_is_the_countys_act(office: FlaskClient, coordinator: FlaskClient, place: Place) -> None:
    address = f"/units/{place.a1}/tree/move"
    assert coordinator.get(address).status_code == 403
    assert address not in coordinator.get(f"/units/{place.a1}/").text
    assert office.post(address, data=DAY | {"to": place.town_b}).status_code == 302
    assert "由甲镇划入乙镇" in office.get(f"/units/{place.a1}/").text
    assert coordinator.get(f"/units/{place.a1}/").status_code == 404
    page = coordinator.get(f"/units/{place.town_a}/reports/?period=2024").text
    assert "甲东村" in page
    assert f"/units/{place.a1}/" not in page


def test_closing_names_what_must_be_settled_first(office: FlaskClient, place: Place) -> None:
    address = f"/units/{place.a1}/tree/close"
    page = office.get(address).text
    assert "撤销前须先处理" in page
    assert "在册儿童" in page
    assert office.post(address, data=DAY).status_code == 400


def test_a_village_is_split_by_children_a_school_by_classes(
    office: FlaskClient, coordinator: FlaskClient, place: Place
) -> None:
    with place.app.app_context(), unscoped("test: a child of the village") as session:
        child = session.scalars(select(Child).where(Child.village.has(code=place.a1))).first()
        key, name = str(child.public_id), child.name
    address = f"/units/{place.a1}/tree/split"
    assert name in coordinator.get(address).text
    assert name not in office.get(address).text  # the county sees numbers
    data = DAY | {"name": "甲南村", "code": "990001001007"}
    assert coordinator.post(address, data=data).status_code == 400
    assert coordinator.post(address, data=data | {"pick": key}).status_code == 302
    assert "由甲东村分出" in coordinator.get("/units/990001001007/").text
    classes = re.findall(
        r'name="pick"[^>]*value="([^"]+)"', office.get(f"/units/{place.school_a}/tree/split").text
    )
    assert len(classes) == 2


def test_an_old_code_leads_to_the_unit_and_the_search_finds_it(
    coordinator: FlaskClient, place: Place
) -> None:
    data = DAY | {"name": "甲新社区", "code": "990001001099"}
    assert coordinator.post(f"/units/{place.a1}/tree/rename", data=data).status_code == 302
    assert coordinator.get(f"/units/{place.a1}/").location == "/units/990001001099/"
    assert coordinator.get(f"/units/{place.a1}/children/").status_code == 200
    found = coordinator.get(f"/units/{place.town_a}/find", query_string={"q": "甲东"}).text
    assert "甲新社区" in found
    assert "曾用 甲东村" in found
    assert "由“甲东村”更名为“甲新社区”" in coordinator.get("/units/990001001099/").text


def test_a_strange_search_is_answered_calmly(coordinator: FlaskClient, place: Place) -> None:
    for search in ("%", "_", "'; --", "\0", "x" * 5000, ""):
        answer = coordinator.get(f"/units/{place.town_a}/find", query_string={"q": search})
        assert answer.status_code == 200


def test_a_planned_change_is_shown_and_can_be_cancelled(coordinator: FlaskClient, place: Place) -> None:
    data = {"on": "2025-09-01", "name": "甲新社区", "code": place.a1}
    coordinator.post(f"/units/{place.a1}/tree/rename", data=data)
    page = coordinator.get(f"/units/{place.a1}/").text
    assert "已安排 2025年9月1日 生效" in page
    cancel = re.search(r'action="([^"]*/cancel)"', page)
    assert cancel is not None
    coordinator.post(cancel.group(1))
    assert "已取消" in coordinator.get(f"/units/{place.a1}/").text


def test_a_units_page_costs_the_same_whatever_lies_below(office: FlaskClient, place: Place) -> None:
    for code in (place.county, place.town_a, place.a1):
        office.get(f"/units/{code}/")
        with statements(place.app) as sent:
            office.get(f"/units/{code}/")
        asked = [one for one in sent if one.startswith("SELECT") and "pg_catalog" not in one]
        assert len(asked) <= 14, "\n".join(asked)


@pytest.mark.parametrize("act", ["open", "rename", "move", "merge", "split", "close", "reopen"])
def test_hostile_input_is_answered_in_words(office: FlaskClient, place: Place, act: str) -> None:
    fields = ("kind", "school_kind", "name", "code", "on", "paper", "to", "pick", "step")
    code = place.town_a if act == "open" else place.a1
    for typed in ("\0", "9" * 500, "2025-13-45", "<script>"):
        answer = office.post(f"/units/{code}/tree/{act}", data=dict.fromkeys(fields, typed))
        assert answer.status_code == 400
        assert "<script>" not in re.sub(r"<script type=\"module\"[^>]*>", "", answer.text)
