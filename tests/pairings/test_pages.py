"""Pairing by browser: from the child's file to the volunteer's phone, and back."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.models.children import Child
from portal.models.pairings import Pairing
from tests.acting import acting
from tests.demo_clients import demo_client


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
    data = {"helper": chosen, "kind": "volunteer", "starts_on": "2025-06-30", "note": "家住一个村。"}
    refused = school.post(address, data=data, query_string={"q": "yxn"})
    assert refused.status_code == 200
    assert "家庭尚未同意结对" in refused.text
    assert "家住一个村。" in refused.text
    agreed = {"purpose": "pairing", "given_by": "guardian", "giver_name": "家长", "channel": "paper",
              "verified": "到校签字", "child_agrees": "yes", "given_on": "2025-06-29"}  # fmt: skip
    assert school.post(f"/children/{child}/keeping/consents/new", data=agreed).status_code == 302
    assert school.post(address, data=data, query_string={"q": "yxn"}).status_code == 302
    volunteer = demo_client(demo_app, "vol02")
    assert volunteer.get(f"/children/{child}/").status_code == 200
    file = school.get(f"/children/{child}/").text
    end = re.findall(r"/pairings/[0-9a-f-]{36}/end", file)[0]
    assert school.post(end, data={"reason": "moved", "note": ""}).status_code == 302
    assert volunteer.get(f"/children/{child}/").status_code == 404


def test_a_refused_pairing_keeps_what_was_chosen(demo_app: Flask) -> None:
    school, child = demo_client(demo_app, "coord_s09"), lonely_child(demo_app)
    address = f"/units/999901-S09/pairings/new/{child}"
    data = {"kind": "proxy_parent", "starts_on": "2019-01-01", "note": "家住一个村。"}
    answer = school.post(address, data=data)
    assert "家住一个村。" in answer.text
    assert "2019-01-01" in answer.text
    assert "aria-invalid" in answer.text


def test_the_list_shows_live_pairings_only(demo_app: Flask) -> None:
    page = demo_client(demo_app, "coord_s09").get("/units/999901-S09/pairings/")
    assert page.status_code == 200
    assert "岳小楠" in page.text or "下一页" in page.text
