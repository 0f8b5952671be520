"""The list behind a figure: a purpose first, then masked names of one unit for half an hour."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.config import today
from portal.errors import PermissionDenied
from portal.extensions import db
from portal.models.audit import AuditEntry
from portal.services.children import masked
from portal.services.children.masked import Figure
from portal.services.reports import periods
from portal.services.reports.rollup import roll_up
from portal.services.units import get_unit
from portal.tenancy.masks import MASKS, Mask
from portal.tenancy.roles import Department, Role
from portal.tenancy.scope import unscoped
from portal.terms import Basis, FileField, ListPurpose, Side, UnitKind
from tests.accounts.clock import Clock
from tests.acting import acting
from tests.clients import sign_in
from tests.demo_clients import demo_client, statements
from tests.factories.county import add_account, add_child, writing
from tests.factories.world import World, build_world
from tests.permissions.seats import become

READERS = {
    "office": (Role.COMMITTEE_OFFICE, "county"),
    "edu": (Role.COUNTY_DEPARTMENT, "county"),
    "women": (Role.COUNTY_DEPARTMENT, "county"),
    "leader": (Role.COUNTY_LEADER, "county"),
    "auditor": (Role.AUDITOR, "county"),
    "townleader": (Role.TOWNSHIP_LEADER, "town_a"),
    "coord": (Role.SCHOOL_COORDINATOR, "school_a"),
}
PURPOSE = {"purpose": "spot_check", "words": ""}


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    with sqlite_app.app_context(), writing() as session:
        built = build_world(session)
        for login, (role, place) in READERS.items():
            user = add_account(session, role, getattr(built.near, place), login)
            if role is Role.COUNTY_DEPARTMENT:
                become(session, user, Department.EDUCATION if login == "edu" else Department.WOMEN)
    return built


def _address(world: World, place: str, query: str = "") -> str:
    return f"/units/{getattr(world.near, place).code}/children/masked/{query}"


def _opened(app: Flask, world: World, login: str, place: str, query: str = "") -> tuple[FlaskClient, str]:
    client = sign_in(app, login)
    answer = client.post(_address(world, place, query), data=PURPOSE)
    assert answer.status_code == 302, answer.text
    return client, client.get(answer.location).text


def _lines(app: Flask, action: str) -> list[AuditEntry]:
    with app.app_context(), unscoped("test: reading the audit") as session:
        found = session.scalars(
            select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq)
        )
        lines = found.all()
        session.expunge_all()
        return list(lines)


@pytest.mark.parametrize("login", ["office", "edu", "townleader"])
def test_a_purpose_opens_masked_names_and_nothing_else(sqlite_app: Flask, world: World, login: str) -> None:
    client = sign_in(sqlite_app, login)
    before = client.get(_address(world, "school_a")).text
    assert "用途" in before
    assert "雀" not in before
    _client, text = _opened(sqlite_app, world, login, "school_a")
    assert text.count("雀○○") == 2
    words = {word for canary in world.canaries.values() for word in canary.words}
    assert [word for word in words if word in text] == []
    main = text[text.index("<main") : text.index("</main>")]
    assert re.findall(r'href="(/children/[^"]*)"', main) == []
    assert [str(child.public_id) for child in world.children.values() if str(child.public_id) in text] == []


def test_the_auditor_gets_case_numbers_and_no_name(sqlite_app: Flask, world: World) -> None:
    _client, text = _opened(sqlite_app, world, "auditor", "town_a")
    assert "雀○" not in text
    cases = {label for label, canary in world.canaries.items() if canary.case_no in text}
    assert cases == {"a1", "a2", "a1b", "home"}
    assert [canary.name for canary in world.canaries.values() if canary.name in text] == []


@pytest.mark.parametrize("login", ["women", "leader", "coord"])
def test_who_works_with_figures_or_with_files_has_no_masked_list(
    sqlite_app: Flask, world: World, login: str
) -> None:
    client = sign_in(sqlite_app, login)
    assert client.get(_address(world, "school_a")).status_code == 403
    assert client.post(_address(world, "school_a"), data=PURPOSE).status_code == 403
    rollup = client.get(f"/units/{world.near.school_a.code}/reports/").text
    assert "/children/masked/" not in rollup


def test_a_countys_figure_is_told_place_by_place(sqlite_app: Flask, world: World) -> None:
    client = sign_in(sqlite_app, "office")
    assert client.get(_address(world, "county")).status_code == 404
    rollup = client.get(f"/units/{world.near.county.code}/reports/").text
    assert f"/units/{world.near.town_a.code}/children/masked/" in rollup
    assert f"/units/{world.near.county.code}/children/masked/" not in rollup


@pytest.mark.parametrize("place", ["town_a", "town_b", "school_a", "school_b", "village_a1", "village_b2"])
@pytest.mark.parametrize("basis", list(Basis))
def test_the_list_holds_the_children_the_figure_counts(
    sqlite_app: Flask, world: World, place: str, basis: Basis
) -> None:
    with acting(sqlite_app, "office") as actor:
        unit, term = get_unit(actor, getattr(world.near, place).code), periods.parse("2024-2025-2")
        figures = roll_up(unit, actor=actor, period=term, basis=basis).total.indicators
        masked.ask(unit, actor=actor, purpose=ListPurpose.CHECK_FIGURE)
        db.session.commit()
        for code, side in (("POP_LBC_RES", Side.VILLAGE), ("POP_LBC_SCH", Side.SCHOOL)):
            if unit.kind is UnitKind.TOWNSHIP or unit.kind.value == side.value:
                figure = Figure(side, basis, today())
                page = masked.list_masked(unit, figure, actor=actor)
                assert (page.total, len(page.lines)) == (figures[code]["value"],) * 2


def test_a_purpose_opens_one_unit_to_one_person_in_one_role(sqlite_app: Flask, world: World) -> None:
    client, _text = _opened(sqlite_app, world, "office", "school_a")
    assert "雀○○" not in client.get(_address(world, "village_a1")).text
    assert "雀○○" not in client.get(_address(world, "town_a")).text
    assert "雀○○" not in sign_in(sqlite_app, "edu").get(_address(world, "school_a")).text
    with acting(sqlite_app, "edu") as actor:
        unit = get_unit(actor, world.near.school_a.code)
        with pytest.raises(PermissionDenied):
            masked.list_masked(unit, Figure(Side.SCHOOL, Basis.WIDE, today()), actor=actor)


def test_after_half_an_hour_the_purpose_is_asked_for_again(
    sqlite_app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    client, text = _opened(sqlite_app, world, "office", "school_a")
    assert "雀○○" in text
    for _step in range(3):
        clock.pass_(minutes=9)
        assert "雀○○" in client.get(_address(world, "school_a")).text
    clock.pass_(minutes=4)
    assert "雀○○" not in client.get(_address(world, "school_a")).text


def test_another_reason_is_written_in_words_and_nothing_typed_is_lost(
    sqlite_app: Flask, world: World
) -> None:
    client = sign_in(sqlite_app, "office")
    refused = client.post(_address(world, "school_a"), data={"purpose": "other", "words": "会"})
    assert refused.status_code == 400
    assert 'value="会"' in refused.text
    assert re.search(r'value="other"[^>]*checked', refused.text)
    assert client.post(_address(world, "school_a"), data={"purpose": "", "words": ""}).status_code == 400
    assert client.post(_address(world, "school_a"), data={"purpose": "x", "words": ""}).status_code == 400
    assert _lines(sqlite_app, masked.ASK) == []
    said = {"purpose": "other", "words": "起草全县调研材料"}
    assert client.post(_address(world, "school_a"), data=said).status_code == 302
    assert _lines(sqlite_app, masked.ASK)[0].details == {"purpose": "other", "reason": "起草全县调研材料"}


def test_where_the_table_says_reason_words_are_asked_for(
    sqlite_app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stricter = MASKS[Role.TOWNSHIP_LEADER] | {FileField.NAME: Mask.REASON}
    monkeypatch.setitem(MASKS, Role.TOWNSHIP_LEADER, stricter)
    client = sign_in(sqlite_app, "townleader")
    assert client.post(_address(world, "school_a"), data=PURPOSE).status_code == 400


def test_the_purpose_and_every_page_are_lines_at_the_unit(sqlite_app: Flask, world: World) -> None:
    client, _text = _opened(sqlite_app, world, "office", "school_a")
    client.get(_address(world, "school_a"))
    [asked] = _lines(sqlite_app, masked.ASK)
    assert (asked.unit_id, asked.from_unit_id) == (world.near.school_a.id, world.near.county.id)
    pages = _lines(sqlite_app, "children:masked:read")
    assert [line.details["children"] for line in pages] == [2, 2]
    log = sign_in(sqlite_app, "coord").get(f"/units/{world.near.school_a.code}/audit/").text
    assert "督导检查或抽查" in log


@pytest.mark.parametrize(
    "query", ["q=雀零", "q=que", "search=雀零壹", "name=雀零壹", "class=x", "after=AAAA"]
)
def test_no_name_can_be_found_out_by_asking_for_its_beginning(
    sqlite_app: Flask, world: World, query: str
) -> None:
    client, text = _opened(sqlite_app, world, "office", "school_a")
    asked = client.get(_address(world, "school_a", f"?{query}"))
    assert asked.status_code == 200
    assert _rows(asked.text) == _rows(text)
    assert 'type="search"' not in text


def _rows(text: str) -> list[str]:
    return re.findall(r"<tr>.*?</tr>", text, re.DOTALL)


def test_pages_follow_one_another_and_their_keys_hold_no_name(sqlite_app: Flask, world: World) -> None:
    near = world.near
    with sqlite_app.app_context(), writing() as session:
        for number in range(120):
            name = f"鹂{number:03d}"
            add_child(session, village=near.village_a1, school=near.school_a, name=name)
    client, text = _opened(sqlite_app, world, "office", "town_a", "?side=school")
    found, pages = len(_rows(text)) - 1, 1
    while more := re.search(r'href="([^"]*after=([^"&]+)[^"]*)"', text):
        word = more[2].replace("%3D", "=")
        opened = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        assert b"li" not in opened.lower() or b"|" not in opened
        assert "鹂" not in more[1]
        text = client.get(more[1].replace("&amp;", "&")).text
        found, pages = found + len(_rows(text)) - 1, pages + 1
    assert (found, pages) == (122, 3)


@pytest.mark.parametrize("code", ["999901004", "999901-S09", "999901004002"])
def test_a_page_costs_at_most_ten_statements(demo_app: Flask, code: str) -> None:
    client = demo_client(demo_app, "county01")
    address = f"/units/{code}/children/masked/"
    assert client.post(address, data=PURPOSE).status_code == 302
    with statements(demo_app) as sent:
        assert "○" in client.get(address).text
    reads = [one for one in sent if one.startswith("SELECT") and "pg_catalog" not in one]
    written = next(n for n, one in enumerate(sent) if one.startswith("INSERT"))
    before = [one for one in sent[:written] if one in reads and "audit_head" not in one]
    assert len(before) <= 10, "\n".join(before)
