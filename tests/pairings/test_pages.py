"""Pairing by browser: from the child's file to the volunteer's phone, and back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.models.children import Child
from portal.models.pairings import Pairing
from tests.acting import acting
from tests.demo_clients import demo_client, statements


def lonely_child(app: Flask) -> str:
    """A child of S09 whom nobody helps yet."""
    with acting(app, "coord_s09") as actor:
        helped = select(Pairing.child_id)
        query = select(Child.public_id).where(Child.s_unit_id == actor.unit.id, Child.id.not_in(helped))
        return str(db.session.scalars(query.limit(1)).one())


def test_a_pairing_is_made_and_ended(demo_app: Flask) -> None:
    school, child = demo_client(demo_app, "coord_s09"), lonely_child(demo_app)
    address = f"/units/999901-S09/pairings/new/{child}"
    page = school.get(address, query_string={"q": "yxn"}).text
    helper = re.search(
        r'name="helper"[^>]*value="([0-9a-f-]{36})"|value="([0-9a-f-]{36})"[^>]*name="helper"', page
    )
    assert helper is not None
    chosen = helper.group(1) or helper.group(2)
    data = {"helper": chosen, "starts_on": "2025-06-30", "note": "家住一个村。", "content": "周六读书"}
    refused = school.post(address, data=data, query_string={"q": "yxn"})
    assert refused.status_code == 400
    assert "家庭尚未同意结对" in refused.text
    assert "家住一个村。" in refused.text
    agreed = {"purpose": "pairing", "given_by": "guardian", "giver_name": "家长", "channel": "paper",
              "verified": "到校签字", "child_agrees": "yes", "given_on": "2025-06-29"}  # fmt: skip
    assert school.post(f"/children/{child}/keeping/consents/new", data=agreed).status_code == 302
    again = school.post(address, data=data, query_string={"q": "yxn"})
    assert again.status_code == 302, again.text
    volunteer = demo_client(demo_app, "vol02")
    assert volunteer.get(f"/children/{child}/").status_code == 404
    head = demo_client(demo_app, "head_s09")
    waiting = re.findall(
        r"/pairings/proposals/[0-9a-f-]{36}", head.get("/units/999901-S09/pairings/proposals").text
    )
    assert school.post(f"{waiting[-1]}/agree").status_code == 403
    assert head.post(f"{waiting[-1]}/agree").status_code == 302
    assert volunteer.get(f"/children/{child}/").status_code == 200
    assert "周六读书" in volunteer.get(f"/children/{child}/").text
    file = school.get(f"/children/{child}/").text
    pairing = re.findall(r"/pairings/[0-9a-f-]{36}/", file)[0]
    assert school.get(pairing).status_code == 200
    assert school.post(f"{pairing}end", data={"reason": "moved", "note": ""}).status_code == 302
    assert volunteer.get(f"/children/{child}/").status_code == 404


def test_a_refused_pairing_keeps_what_was_chosen(demo_app: Flask) -> None:
    school, child = demo_client(demo_app, "coord_s09"), lonely_child(demo_app)
    address = f"/units/999901-S09/pairings/new/{child}"
    data = {"starts_on": "2019-01-01", "note": "家住一个村。"}
    answer = school.post(address, data=data)
    assert "家住一个村。" in answer.text
    assert "2019-01-01" in answer.text
    assert "aria-invalid" in answer.text


def test_the_list_shows_live_pairings_only(demo_app: Flask) -> None:
    page = demo_client(demo_app, "coord_s09").get("/units/999901-S09/pairings/")
    assert page.status_code == 200
    assert "岳小楠" in page.text or "下一页" in page.text


def test_every_page_of_a_pairing_opens_and_its_forms_keep_what_was_typed(demo_app: Flask) -> None:
    school = demo_client(demo_app, "coord_s09")
    listed = school.get("/units/999901-S09/pairings/").text
    pairing = re.findall(r"/pairings/[0-9a-f-]{36}/", listed)[0]
    for page in ("", "plan", "hand-over", "end"):
        assert school.get(pairing + page).status_code == 200
    answer = school.post(f"{pairing}reviews", data={"made_on": "2019-01-01", "effect": "更愿意说话了"})
    assert answer.status_code == 400
    assert "更愿意说话了" in answer.text
    assert (
        school.post(f"{pairing}reviews", data={"made_on": "2025-06-30", "effect": "更愿意说话了"}).status_code
        == 302
    )
    assert "更愿意说话了" in school.get(pairing).text
    assert (
        school.post(f"{pairing}plan", data={"goals": "少沉默", "knows": "knows_child_on"}).status_code == 302
    )
    assert "少沉默" in school.get(pairing).text
    refused = school.post(f"{pairing}hand-over", data={"on": "2025-06-30"})
    assert refused.status_code == 400
    assert "请从名单中选择帮扶人" in refused.text


@pytest.mark.parametrize("show", ["unpaired", "over", "lapsed", "silent", "after"])
@pytest.mark.parametrize("who", ["coord_s09", "town_t4", "ct_s09_101"])
def test_what_is_missing_is_listed_for_school_township_and_class(
    demo_app: Flask, who: str, show: str
) -> None:
    code = "999901004" if who == "town_t4" else "999901-S09"
    client = demo_client(demo_app, who)
    with statements(demo_app) as sent:
        assert client.get(f"/units/{code}/pairings/gaps?show={show}").status_code == 200
    assert len(sent) <= 24


def test_a_second_person_reads_what_was_proposed_and_says_no_with_a_reason(demo_app: Flask) -> None:
    head = demo_client(demo_app, "head_s09")
    waiting = re.findall(
        r"/pairings/proposals/[0-9a-f-]{36}", head.get("/units/999901-S09/pairings/proposals").text
    )
    page = head.get(waiting[0]).text
    assert "期末前能独立完成数学作业" in page
    assert head.post(f"{waiting[0]}/refuse", data={"reason": ""}).status_code == 400
    assert head.post(f"{waiting[0]}/refuse", data={"reason": "住得太远"}).status_code == 302
    assert "住得太远" in demo_client(demo_app, "coord_s09").get(waiting[0]).text


def test_a_class_teacher_writes_down_who_helps_in_her_class(demo_app: Flask) -> None:
    teacher = demo_client(demo_app, "ct_s09_101")
    page = teacher.get("/units/999901-S09/pairings/classes").text
    buddy = re.findall(r'/units/999901-S09/pairings/classes/[0-9a-f-]{36}/buddy"', page)[-1].rstrip('"')
    assert (
        teacher.post(buddy, data={"name": "", "kind": "friends", "starts_on": "2025-06-30"}).status_code
        == 400
    )
    data = {"name": "同桌同学", "kind": "friends", "task": "结伴回家", "starts_on": "2025-06-30"}
    assert teacher.post(buddy, data=data).status_code == 302
    assert "同桌同学" in teacher.get("/units/999901-S09/pairings/classes").text
    rep = re.findall(r'/units/999901-S09/pairings/classes/[0-9a-f-]{36}/rep"', page)[0].rstrip('"')
    assert teacher.post(rep, data={"pupil": "关爱生", "since": "2025-06-30"}).status_code == 302
    tutor = re.findall(r'/units/999901-S09/pairings/classes/[0-9a-f-]{36}/tutor"', page)[0].rstrip('"')
    chosen = re.findall(r'name="helper"[^>]*value="([0-9a-f-]{36})"', teacher.get(tutor).text)[0]
    assert teacher.post(tutor, data={"helper": chosen, "starts_on": "2025-06-30"}).status_code == 302
    ended = re.findall(r"/units/999901-S09/pairings/classes/tutors/[0-9a-f-]{36}/end",
                       teacher.get("/units/999901-S09/pairings/classes").text)  # fmt: skip
    assert teacher.post(ended[0]).status_code == 302
