"""The file: each side writes its part and proposes the other's, nobody overwrites unseen, one file per child."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from portal.models.children import Absence, Child, EmergencyContact, Guardianship, Parent, Proposal
from portal.tenancy.scope import unscoped
from portal.terms import CarerRelation, ProposalState
from tests.children.seated import actions, of_child, rows, seat_the_world, text_of
from tests.clients import sign_in
from tests.factories.workbooks import id_number
from tests.factories.world import World

FAMILY = {"address": "三组5号", "siblings": "1", "gets_on": "warm", "remark": "春节返乡"}
NEW = {"name": "陈新禾", "sex": "female", "birth_date": "2016-03-04"}


@pytest.fixture
def world(app: Flask) -> World:
    return seat_the_world(app)


def _child(app: Flask, world: World, label: str = "a1") -> Child:
    return rows(app, select(Child).where(Child.id == world.children[label].id))[0]


def _begun(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="begun"[^>]*value="([^"]*)"', text_of(client, address))
    assert found, "the form carries what it began with"
    return found[1]


def _save(client: FlaskClient, page: str, /, **typed: str) -> int:
    return client.post(page, data={"begun": _begun(client, page)} | typed).status_code


def test_the_village_writes_the_household(app: Flask, world: World) -> None:
    client, page = sign_in(app, "director"), of_child(world, "file/family")
    assert _save(client, page, **FAMILY) == 302
    child = _child(app, world)
    assert (child.address, child.siblings, child.gets_on, child.remark) == (
        "三组5号", 1, CarerRelation.WARM, "春节返乡",
    )  # fmt: skip
    assert "children:file:edit" in actions(app)
    assert "春节返乡" in text_of(client, of_child(world, "file/"))


def test_living_alone_typed_in_the_file_raises_the_alarm(app: Flask, world: World) -> None:
    client = sign_in(app, "director")
    assert _save(client, of_child(world, "file/family"), **FAMILY, lives_alone="y") == 302
    assert "1 个预警待处置" in text_of(client, "/")


def test_the_school_proposes_what_the_village_owns(app: Flask, world: World) -> None:
    coord, director = sign_in(app, "coord"), sign_in(app, "director")
    before = _child(app, world)
    assert (
        _save(coord, of_child(world, "file/family"), siblings="2", remark="弟弟出生", reason="家长来电")
        == 302
    )
    child = _child(app, world)
    assert (child.siblings, child.remark, child.address) == (before.siblings, before.remark, before.address)
    (made,) = rows(app, select(Proposal))
    assert "对方提出的 1 项修改建议" in text_of(director, "/")
    assert "对方提出的" not in text_of(coord, "/"), "her own waits for the other side"
    here = of_child(world, f"proposals/{made.public_id}/")
    assert "弟弟出生" in text_of(director, here)
    assert coord.post(here + "accept").status_code == 403, "not her own"
    assert director.post(here + "accept").status_code == 302
    child = _child(app, world)
    assert (child.siblings, child.remark, child.address) == (2, "弟弟出生", before.address)
    assert director.post(here + "accept").status_code == 404, "it is answered"
    with app.app_context(), unscoped("test: what lies in the table") as session:
        assert "弟弟出生" not in str(session.execute(text("SELECT * FROM proposal")).all()), "sealed"


def test_a_no_wants_a_reason(app: Flask, world: World) -> None:
    coord, director = sign_in(app, "coord"), sign_in(app, "director")
    assert _save(director, of_child(world, "file/needs"), hobbies="画画", reason="走访所见") == 302
    (made,) = rows(app, select(Proposal))
    here = of_child(world, f"proposals/{made.public_id}/refuse")
    assert coord.post(here, data={"words": ""}).status_code == 400
    assert coord.post(here, data={"words": "学校另有记录"}).status_code == 302
    assert rows(app, select(Proposal.state)) == [ProposalState.REFUSED]
    assert "学校另有记录" in text_of(director, of_child(world, "file/"))
    assert _child(app, world).hobbies == ""


def test_two_people_editing_the_second_sees_both(app: Flask, world: World) -> None:
    """The second gets a merge view; what she has not touched keeps what is on file."""
    one, two = sign_in(app, "coord"), sign_in(app, "teacher")
    page = of_child(world, "file/needs")
    begun = _begun(two, page)
    assert _save(one, page, hobbies="足球", character="开朗") == 302
    mine = {"begun": begun, "hobbies": "下棋", "character": "", "study_note": "朗读进步"}
    answer = two.post(page, data=mine)
    assert answer.status_code == 409
    for words in ("足球", "下棋", "朗读进步", "在此期间有人修改了这一部分"):
        assert words in answer.text, words
    child = _child(app, world)
    assert (child.hobbies, child.study_note) == ("足球", ""), "nothing half written"
    again = dict(re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"[^>]*value="([^"]*)"', answer.text))
    again |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\s*([^<]*)</textarea>', answer.text))
    assert again["character"] == "开朗", "what she has not touched shows what is on file by now"
    assert again["hobbies"] == "下棋"
    assert two.post(page, data=again).status_code == 302
    child = _child(app, world)
    assert (child.hobbies, child.character, child.study_note) == ("下棋", "开朗", "朗读进步")


def test_a_mistake_in_between_hides_no_clash(app: Flask, world: World) -> None:
    """After a wrong field the form still knows what it began with."""
    one, two = sign_in(app, "coord"), sign_in(app, "teacher")
    page = of_child(world, "file/needs")
    begun = _begun(two, page)
    assert _save(one, page, hobbies="足球") == 302
    wrong = {"begun": begun, "hobbies": "下棋", "character": "长" * 301, "study_note": ""}
    answer = two.post(page, data=wrong)
    assert answer.status_code == 400
    kept = re.search(r'name="begun"[^>]*value="([^"]*)"', answer.text)[1]
    again = two.post(page, data=wrong | {"begun": kept, "character": "安静"})
    assert again.status_code == 409
    assert _child(app, world).hobbies == "足球"


def test_different_fields_of_two_people_both_stay(app: Flask, world: World) -> None:
    one, two = sign_in(app, "coord"), sign_in(app, "teacher")
    page = of_child(world, "file/needs")
    begun = _begun(two, page)
    assert _save(one, page, hobbies="足球") == 302
    sent = {"begun": begun, "hobbies": "", "character": "", "study_note": "朗读进步"}
    assert two.post(page, data=sent).status_code == 302
    child = _child(app, world)
    assert (child.hobbies, child.study_note) == ("足球", "朗读进步")


def test_what_is_covered_stands_in_no_form_and_stays(app: Flask, world: World) -> None:
    coord, canary = sign_in(app, "coord"), world.canaries["a1"]
    for group in ("family", "father", "mother", "contacts", "who"):
        page = text_of(coord, of_child(world, f"file/{group}"))
        assert canary.phone not in page, group
        assert canary.address not in page, group
    assert _save(coord, of_child(world, "file/father"), name="陈大河", phone="", state="living") == 302
    (made,) = rows(app, select(Proposal))
    director = sign_in(app, "director")
    director.post(of_child(world, f"proposals/{made.public_id}/accept"))
    father = rows(app, select(Parent).where(Parent.child_id == made.child_id, Parent.role == "father"))[0]
    assert (father.name, father.phone) == ("陈大河", canary.phone)


@pytest.mark.parametrize(
    ("group", "typed", "sentence"),
    [
        ("who", {"name": "", "sex": "female", "birth_date": "2015-05-01"}, "请填写"),
        ("who", {"name": "雀", "sex": "female", "birth_date": "2015-05-01"}, "请填写完整姓名"),
        ("who", {"name": "雀零壹", "sex": "bird", "birth_date": "2015-05-01"}, "sw-field-error"),
        ("who", {"name": "雀零壹", "sex": "female", "birth_date": "1990-05-01"}, "未满十八周岁"),
        ("who", {"name": "雀零壹", "sex": "female", "birth_date": "2015-02-30"}, "不是有效的日期"),
        ("family", {"siblings": "许多"}, "sw-field-error"),
        ("family", {"siblings": "99"}, "0 至 12"),
        ("family", {"remark": "长" * 501}, "500"),
        ("family", {"gets_on": "敌对"}, "sw-field-error"),
        ("contacts", {"name_1": "陈二姑", "phone_1": ""}, "请填写此人的电话"),
        ("school", {"grade": "-3"}, "1 至 12"),
        ("needs", {"character": "问题学生"}, "问题学生"),
    ],
)  # fmt: skip
def test_a_wrong_field_writes_nothing_and_loses_nothing(
    sqlite_app: Flask, group: str, typed: dict[str, str], sentence: str
) -> None:
    world = seat_the_world(sqlite_app)
    client = sign_in(sqlite_app, "coord" if group in ("school", "needs") else "director")
    page = of_child(world, f"file/{group}")
    answer = client.post(page, data={"begun": _begun(client, page)} | typed)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert all(value in answer.text for value in typed.values() if value not in ("bird", "敌对"))
    assert "children:file:edit" not in actions(sqlite_app)


def test_a_forged_beginning_is_no_beginning(sqlite_app: Flask) -> None:
    world = seat_the_world(sqlite_app)
    sent = {"begun": "e30", "hobbies": "画画"}
    assert sign_in(sqlite_app, "coord").post(of_child(world, "file/needs"), data=sent).status_code == 400
    assert _child(sqlite_app, world).hobbies == ""


def test_completeness_says_what_is_missing(app: Flask, world: World) -> None:
    client = sign_in(app, "director")
    whole = of_child(world, "file/")
    assert "尚缺：紧急联系人" in text_of(client, whole)
    assert (
        _save(
            client,
            of_child(world, "file/contacts"),
            name_1="陈二姑",
            relation_1="姑",
            phone_1="100-0000-0091",
        )
        == 302
    )
    assert len(rows(app, select(EmergencyContact))) == 1
    assert _child(app, world).is_complete
    assert "尚缺" not in text_of(client, whole)
    assert client.post(of_child(world, "file/verify")).status_code == 302
    assert _child(app, world).verified_on == date(2025, 6, 30)
    assert "已建档" in text_of(client, whole)
    assert _save(client, of_child(world, "file/contacts"), name_1="", phone_1="") == 302
    assert not _child(app, world).is_complete


@pytest.mark.parametrize("who", ["neighbour", "other_coord", "other_director"])
def test_another_units_child_is_not_there(sqlite_app: Flask, who: str) -> None:
    world = seat_the_world(sqlite_app)
    client = sign_in(sqlite_app, who)
    for act in ("file/", "file/family"):
        assert client.get(of_child(world, act)).status_code == 404


# ---- opening a file -------------------------------------------------------------------------------------


def test_looking_first_names_a_township_and_nothing_else(app: Flask, world: World) -> None:
    client, canary = sign_in(app, "other_director"), world.canaries["a1"]
    here = f"/units/{world.near.village_b1.code}/children/search"
    town = world.near.town_a.name
    for typed in ({"name": canary.name}, {"phone": canary.phone}, {"id_no": canary.id_no}):
        answer = client.post(here, data=typed)
        assert answer.status_code == 200
        assert town in answer.text, typed
        said = set(typed.values())
        assert not [w for w in (canary.name, canary.phone, canary.case_no, canary.address, canary.guardian)
                    if w in answer.text and w not in said]  # fmt: skip
        assert canary.id_no not in answer.text, "no digit is shown, not even one just typed"
    far = world.canaries["far"]
    assert world.far.town_a.name not in client.post(here, data={"name": far.name}).text, "another county's"
    assert "children:file:search" in actions(app)
    assert sign_in(app, "head").get(f"/units/{world.near.school_a.code}/children/search").status_code == 403


def test_a_new_child_is_filed_once_with_the_family(app: Flask, world: World) -> None:
    client, here = sign_in(app, "director"), f"/units/{world.near.village_a1.code}/children/new"
    number = id_number(date(2016, 3, 4), sequence=121)
    sibling = world.canaries["a1"].case_no
    assert client.post(here, data=NEW | {"id_no": number, "sibling": sibling}).status_code == 302
    made = rows(app, select(Child).where(Child.name == "陈新禾"))[0]
    assert made.household_no
    assert made.household_no == _child(app, world).household_no
    assert made.address == world.canaries["a1"].address
    guardian = rows(app, select(Guardianship).where(Guardianship.child_id == made.id))[0]
    assert (guardian.name, guardian.phone) == (world.canaries["a1"].guardian, world.canaries["a1"].phone)
    assert len(rows(app, select(Absence).where(Absence.child_id == made.id))) == 2
    assert client.get(f"/children/{made.public_id}/").status_code == 200
    again = client.post(here, data=NEW | {"id_no": number})
    assert again.status_code == 400
    assert world.near.town_a.name in again.text
    assert number not in again.text
    other = f"/units/{world.near.village_b1.code}/children/new"
    elsewhere = sign_in(app, "other_director").post(other, data=NEW | {"id_no": number})
    assert elsewhere.status_code == 400
    assert world.near.town_a.name in elsewhere.text
    assert len(rows(app, select(Child).where(Child.name == "陈新禾"))) == 1


def test_a_school_files_a_child_with_village_class_and_guardian(app: Flask, world: World) -> None:
    client, here = sign_in(app, "coord"), f"/units/{world.near.school_a.code}/children/new"
    room = str(world.classes[world.near.school_a.code].public_id)
    typed = NEW | {
        "village": world.near.village_a2.code, "school_class": room, "father_away": "2025-01-10",
        "guardian_kind": "grandparent", "guardian_name": "陈奶奶", "guardian_phone": "100-0000-0055",
        "contact_name": "陈二姑", "contact_phone": "100-0000-0056",
    }  # fmt: skip
    assert client.post(here, data=typed).status_code == 302
    made = rows(app, select(Child).where(Child.name == "陈新禾"))[0]
    assert (made.village_id, made.school_id, made.class_name) == (
        world.near.village_a2.id, world.near.school_a.id, "3年级1班",
    )  # fmt: skip
    page = text_of(client, f"/children/{made.public_id}/file/")
    assert "尚缺：身份证号码、父母姓名" in page or "尚缺" in page
    neighbour = sign_in(app, "neighbour")
    assert neighbour.get(f"/children/{made.public_id}/").status_code == 200, "her village has her, too"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "sw-field-error"),
        ({"sex": ""}, "请选择性别"),
        ({"birth_date": "2001-01-01"}, "未满十八周岁"),
        ({"id_no": "11010519491231002X"}, "不符"),
        ({"id_no": "110105"}, "sw-field-error"),
        ({"sibling": "CANARY-0004"}, "没有这个档案号"),
    ],
)
def test_a_wrong_new_file_writes_nothing(sqlite_app: Flask, wrong: dict[str, str], sentence: str) -> None:
    world = seat_the_world(sqlite_app)
    here = f"/units/{world.near.village_a1.code}/children/new"
    before = len(rows(sqlite_app, select(Child.id)))
    answer = sign_in(sqlite_app, "director").post(here, data=NEW | wrong)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert len(rows(sqlite_app, select(Child.id))) == before
