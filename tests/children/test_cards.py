"""Contact cards: confirmed each term, printed in two sizes, showing no more than the table of covers says."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from portal.models.children import ContactCard, Guardianship
from portal.services import printing
from portal.tenancy.scope import unscoped
from tests.children.seated import about_a1, actions, of_child, seat_the_world, text_of
from tests.clients import sign_in
from tests.factories.world import World

CONFIRM = {"confirmed_with": "guardian", "on": "2025-06-20"}


@pytest.fixture
def world(app: Flask) -> World:
    return seat_the_world(app)


def test_a_card_is_confirmed_each_term_and_tells_when_the_file_has_changed(app: Flask, world: World) -> None:
    director = sign_in(app, "director")
    assert "待核对" in text_of(director, of_child(world, "card/"))
    assert director.post(of_child(world, "card/confirm"), data=CONFIRM).status_code == 302
    page = text_of(director, of_child(world, "card/"))
    assert "本学期已核对" in page
    (made,) = about_a1(app, world, ContactCard)
    assert (made.version, made.period, made.confirmed_on) == (1, "2024-2025-2", date(2025, 6, 20))
    with app.app_context(), unscoped("test: a new number") as session:
        query = select(Guardianship).where(Guardianship.child_id == world.children["a1"].id)
        for one in session.scalars(query):
            one.phone = "100-0000-0999"
        session.commit()
    assert "档案有改动" in text_of(director, of_child(world, "card/"))
    assert director.post(of_child(world, "card/confirm"), data=CONFIRM).status_code == 302
    assert [one.version for one in about_a1(app, world, ContactCard)] == [1, 2]
    assert "档案有改动" not in text_of(director, of_child(world, "card/"))
    assert "children:card:confirm" in actions(app)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on": "2025-07-01"}, "日期在今天之后"),
        ({"on": "2025-01-20"}, "请选择本学期内的日期"),
        ({"on": ""}, "请选择日期"),
        ({"confirmed_with": "邻居"}, "核对"),
    ],
)
def test_a_wrong_confirmation_keeps_nothing(sqlite_app: Flask, wrong: dict[str, str], sentence: str) -> None:
    world = seat_the_world(sqlite_app)
    answer = sign_in(sqlite_app, "teacher").post(of_child(world, "card/confirm"), data=CONFIRM | wrong)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert about_a1(sqlite_app, world, ContactCard) == []


def test_the_list_of_open_cards_and_the_first_page_count_down(app: Flask, world: World) -> None:
    director, code = sign_in(app, "director"), world.near.village_a1.code
    before = re.search(r"(\d+) 张联系卡本学期尚未核对", text_of(director, "/"))
    assert before
    name = world.canaries["a1"].name
    assert name in text_of(director, f"/units/{code}/children/cards")
    director.post(of_child(world, "card/confirm"), data=CONFIRM)
    assert name not in text_of(director, f"/units/{code}/children/cards")
    after = re.search(r"(\d+) 张联系卡本学期尚未核对", text_of(director, "/"))
    assert int(after.group(1) if after else 0) == int(before.group(1)) - 1


def _words(pdf: bytes) -> tuple[str, tuple[int, int]]:
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    return page.extract_text(), (round(float(page.mediabox.width)), round(float(page.mediabox.height)))


def test_the_paper_has_its_size_and_the_short_card_says_less(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.answers.pdf_of", printing.pdf_of)  # real paper, whatever ran before
    world = seat_the_world(sqlite_app)
    canary, director = world.canaries["a1"], sign_in(sqlite_app, "director")
    full, size = _words(director.get(of_child(world, "card/full-a4.pdf")).data)
    assert size == (595, 842)
    for word in (canary.name, canary.case_no, canary.guardian, canary.phone, canary.address, "110"):
        assert word in full, word
    answer = director.get(of_child(world, "card/short-a6.pdf"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    short, size = _words(answer.data)
    assert size == (298, 420)
    assert canary.guardian in short
    assert canary.address not in short
    assert world.near.village_a1.name in short
    assert canary.id_no not in full


def test_a_card_shows_numbers_as_the_table_of_covers_says(sqlite_app: Flask) -> None:
    world = seat_the_world(sqlite_app)
    canary = world.canaries["a1"]
    assert canary.phone not in text_of(sign_in(sqlite_app, "coord"), of_child(world, "card/"))
    assert canary.phone in text_of(sign_in(sqlite_app, "teacher"), of_child(world, "card/"))
    assert canary.address not in text_of(sign_in(sqlite_app, "teacher"), of_child(world, "card/"))
    assert sign_in(sqlite_app, "vol").get(of_child(world, "card/")).status_code == 403


def test_the_code_holds_the_case_number_alone(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    world, asked = seat_the_world(sqlite_app), []
    monkeypatch.setattr(
        "portal.blueprints.children.card_views.qr", lambda text: asked.append(text) or "data:,"
    )
    monkeypatch.setattr("portal.web.answers.pdf_of", str.encode)
    sign_in(sqlite_app, "director").get(of_child(world, "card/full-a6.pdf"))
    assert asked == [world.canaries["a1"].case_no]
