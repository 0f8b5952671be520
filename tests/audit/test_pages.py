"""The log as people read it: plain words, their own tree, case numbers in place of names."""

from __future__ import annotations

import ast
import re

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from portal.extensions import db
from portal.models.accounts import Person
from portal.models.children import Child
from portal.services import audit
from portal.services.audit import lines
from portal.services.audit.sentences import SENTENCES, sentence_of
from portal.terms import ActKind
from tests.acting import acting
from tests.architecture.sources import PORTAL
from tests.audit.conftest import World, build, write_lines
from tests.clients import sign_in
from tests.demo_clients import statements

ACTION = re.compile(r"[a-z_]+:[a-z_]+:[a-z_]+")


def _words_of_services() -> set[str]:
    """Every literal of the floors that record that has the form of an action."""
    return {
        node.value
        for path in PORTAL
        if {"services", "jobs", "cli"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACTION.fullmatch(node.value)
    }


def test_every_action_has_its_sentence() -> None:
    assert _words_of_services() - set(SENTENCES) == set()
    assert list(SENTENCES) == sorted(SENTENCES)


def test_every_sentence_is_chinese_and_bears_missing_details(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(), force_locale("zh_Hans_CN"):
        for action in SENTENCES:
            assert re.search("[一-龥]", sentence_of(action, {})), action


def _reads(app: Flask, username: str, code: str, query: str = "") -> str:
    return sign_in(app, username).get(f"/units/{code}/audit/{query}").get_data(as_text=True)


@pytest.fixture
def told(sqlite_app: Flask, small: World) -> World:
    """The coordinator paired a helper, the township's officer looked for a reason."""
    with acting(sqlite_app, "coord") as actor:
        child = db.session.get_one(Child, small.child.id)
        audit.record(actor, "pairings:pairing:make", child=child, details={"kind": "volunteer"})
        db.session.commit()
    with acting(sqlite_app, "town") as actor:
        child = db.session.get_one(Child, small.child.id)
        audit.read(actor, "children:file:read", child=child, reason="陈小禾家访前确认")
        db.session.commit()
    write_lines(sqlite_app, "other", 1)
    return small


def test_the_head_of_a_unit_reads_its_own_lines_in_plain_words(sqlite_app: Flask, told: World) -> None:
    page = _reads(sqlite_app, "head", "990001-S1")
    assert f"为档案 {told.child.case_no} 安排了结对帮扶" in page
    assert "试coord" in page
    assert "试coord（甲镇小学 学校留守儿童工作负责人）为档案" in page
    assert "试town" not in page
    assert "试other" not in page


def test_a_township_reads_its_own_tree_and_the_county_everything(sqlite_app: Flask, told: World) -> None:
    town = _reads(sqlite_app, "town", "990001001")
    assert ("试coord" in town, "试town" in town, "试other" in town) == (True, True, False)
    county = _reads(sqlite_app, "auditor", "990001")
    assert all(name in county for name in ("试coord", "试town", "试other"))
    assert "试coord" in _reads(sqlite_app, "auditor", "990001-S1")


def test_the_name_of_the_child_is_not_in_the_log(sqlite_app: Flask, told: World) -> None:
    page = _reads(sqlite_app, "auditadmin", "990001")
    assert told.child.name not in page
    assert f"打开了档案 {told.child.case_no}" in page
    assert "事由" not in page  # what people typed may name a child


def test_a_grant_says_to_whom(sqlite_app: Flask, small: World) -> None:
    with acting(sqlite_app, "head") as actor:
        whom = db.session.scalars(select(Person.public_id).where(Person.name == "试coord")).one()
        details = {"role": "school_coordinator", "last_day": "2026-06-30"}
        audit.record(actor, "accounts:people:invite", subject=f"person:{whom}", details=details)
        db.session.commit()
    page = _reads(sqlite_app, "head", "990001-S1")
    assert "学校留守儿童工作负责人" in page
    assert "：试coord" in page


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?kind=look", "试town", "试coord"),
        ("?kind=change", "试coord", "试town"),
        ("?name=试coord", "试coord", "试town"),
        ("?kind=nothing", "试coord", "没有符合条件"),
        ("?day=1999-01-01", "没有符合条件", "试coord"),
        ("?day=gestern", "gestern", "没有符合条件"),
    ],
)
def test_the_log_is_filtered_by_day_person_and_kind(
    sqlite_app: Flask, told: World, query: str, shown: str, hidden: str
) -> None:
    page = _reads(sqlite_app, "auditor", "990001", query)
    assert shown in page
    assert hidden not in page.replace('value="试', "")


def test_pages_follow_one_another_without_loss(sqlite_app: Flask, small: World) -> None:
    write_lines(sqlite_app, "coord", 7)
    with acting(sqlite_app, "auditor") as actor:
        county, seen, key = db.session.get_one(type(small.place.county), small.place.county.id), [], None
        while True:
            page, key = lines.list_lines(county, actor=actor, after=key, limit=3)
            seen += [line.seq for line in page]
            if key is None:
                break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_the_log_costs_the_same_statements_for_one_line_and_for_fifty(
    sqlite_app: Flask, small: World
) -> None:
    client, costs = sign_in(sqlite_app, "auditor"), []
    for count in (1, 49):
        write_lines(sqlite_app, "coord", count)
        with statements(sqlite_app) as sent:
            client.get("/units/990001/audit/")
        costs.append(len([one for one in sent if one.startswith("SELECT")]))
    assert costs[0] == costs[1] <= 14


def test_everybody_reads_her_own_last_acts(app: Flask) -> None:
    build(app)
    write_lines(app, "coord", 2)
    with acting(app, "coord") as actor:
        assert [line.kind for line in lines.list_own(actor=actor)][:2] == [ActKind.CHANGE] * 2
    with acting(app, "vol") as actor:
        assert lines.list_own(actor=actor) == []
