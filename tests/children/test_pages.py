"""Lists and files of children: keyset pages, the search, what a file never shows."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.models.children import Child, Guardianship, SchoolClass
from tests.acting import acting
from tests.demo_clients import demo_client, statements

LIST = "/units/999901-S09/children/"


def names_on(page: str) -> list[str]:
    return re.findall(r'<th scope="row">\s*<a[^>]*>([^<]+)</a>', page)


def test_the_pages_of_a_list_hold_every_child_once(demo_app: Flask) -> None:
    client = demo_client(demo_app, "coord_s09")
    seen: list[str] = []
    address: str | None = LIST
    while address:
        page = client.get(address).text
        seen += re.findall(r"/children/([0-9a-f-]{36})/", page)
        found = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = found.group(1).replace("&amp;", "&") if found else None
    with acting(demo_app, "coord_s09") as actor:
        wanted = db.session.scalars(select(Child.public_id).where(Child.s_unit_id == actor.unit.id)).all()
    assert sorted(set(seen)) == sorted(str(one) for one in wanted)


@pytest.mark.parametrize(("who", "page"), [("coord_s09", LIST), ("town_t4", "/units/999901004/children/")])
def test_a_list_page_costs_at_most_ten_statements(demo_app: Flask, who: str, page: str) -> None:
    client = demo_client(demo_app, who)
    client.get(page)
    with statements(demo_app) as sent:
        client.get(page)
    asked = [one for one in sent if not one.startswith(("BEGIN", "ROLLBACK", "SELECT pg_catalog"))]
    assert len(asked) <= 10, "\n".join(asked)


@pytest.mark.parametrize("search", ["曹春苗", "曹", "cao chunmiao", "caochun", "ccm"])
def test_a_child_is_found_by_name_pinyin_and_initials(demo_app: Flask, search: str) -> None:
    client = demo_client(demo_app, "coord_s09")
    assert "曹春苗" in names_on(client.get(LIST, query_string={"q": search}).text)


@pytest.mark.parametrize("search", ["%", "_", "'; --", "没有这个人", "\0", "x" * 5000])
def test_a_strange_search_is_answered_calmly(demo_app: Flask, search: str) -> None:
    client = demo_client(demo_app, "coord_s09")
    assert client.get(LIST, query_string={"q": search}).status_code == 200


@pytest.mark.parametrize("word", ["x", "W10", "eyJhIjoxfQ", "..", "\0"])
def test_a_wrong_page_word_opens_the_first_page(demo_app: Flask, word: str) -> None:
    client = demo_client(demo_app, "coord_s09")
    assert client.get(LIST, query_string={"after": word}).text.count("<tr") > 10


def test_a_file_shows_no_digit_of_the_id_number_and_a_masked_phone(demo_app: Flask) -> None:
    with acting(demo_app, "coord_s09") as actor:
        child = db.session.scalars(select(Child).where(Child.s_unit_id == actor.unit.id).limit(1)).one()
        guardian = db.session.scalars(select(Guardianship).where(Guardianship.child_id == child.id)).first()
        assert guardian is not None
        public_id, phone = child.public_id, guardian.phone
    page = demo_client(demo_app, "coord_s09").get(f"/children/{public_id}/").text
    assert "999901" not in re.sub(r"999901-?S?\d*", "", re.sub(r'(href|action)="[^"]*"', "", page))
    assert "已核验" in page
    assert phone not in page


def test_a_volunteers_card_has_no_hardship_health_or_number(demo_app: Flask) -> None:
    client = demo_client(demo_app, "vol02")
    address = re.findall(r"/children/[0-9a-f-]{36}/", client.get("/").text)[0]
    card = client.get(address).text
    for word in ("身份证", "身体情况", "救助帮扶", "经济来源", "监护评估", "档案号"):
        assert word not in card, word


def test_a_village_reads_its_children_by_residence(demo_app: Flask) -> None:
    page = demo_client(demo_app, "vd_gaoping").get("/units/999901004002/children/")
    assert page.status_code == 200
    assert names_on(page.text)


def test_a_class_teachers_list_holds_her_class_and_costs_no_more(demo_app: Flask) -> None:
    client = demo_client(demo_app, "ct_s09_401")
    client.get(LIST)
    with statements(demo_app) as sent:
        page = client.get(LIST).text
    asked = [one for one in sent if not one.startswith(("BEGIN", "ROLLBACK", "SELECT pg_catalog"))]
    assert len(asked) <= 10, "\n".join(asked)
    with acting(demo_app, "coord_s09"):
        hers = select(Child.public_id).join(Child.school_class).where(SchoolClass.name == "4年级1班")
        wanted = {str(one) for one in db.session.scalars(hers.where(Child.s_unit_id == SchoolClass.unit_id))}
    assert set(re.findall(r"/children/([0-9a-f-]{36})/", page)) == wanted


def test_a_list_is_cut_to_one_class(demo_app: Flask) -> None:
    client = demo_client(demo_app, "coord_s09")
    rooms = dict(re.findall(r'<option value="([0-9a-f-]{36})"[^>]*>([^<]+)</option>', client.get(LIST).text))
    chosen = next(key for key, name in rooms.items() if name == "4年级1班")
    page = client.get(LIST, query_string={"class": chosen}).text
    assert names_on(page)
    assert set(re.findall(r"<td>(\d年级\d班)</td>", page)) == {"4年级1班"}
    assert client.get(LIST, query_string={"class": "nonsense"}).status_code == 200
