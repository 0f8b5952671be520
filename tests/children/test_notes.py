"""Sensitive notes: who writes, who reads what, how one ends, and which words are refused."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models.audit import AuditEntry
from portal.models.children import ChildNote
from portal.services.children.wording import LABELS, label_in
from portal.tenancy.masks import MASKS, Mask
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.terms import FileField
from tests.clients import sign_in
from tests.factories.county import add_account, add_pairing, give_class, writing
from tests.factories.world import World, build_world

WRITERS = ("teacher", "coord", "director")
READERS = {
    "teacher": (Role.CLASS_TEACHER, "school_a"),
    "coord": (Role.SCHOOL_COORDINATOR, "school_a"),
    "head": (Role.PRINCIPAL, "school_a"),
    "director": (Role.CHILD_DIRECTOR, "village_a1"),
    "town": (Role.TOWNSHIP_COORDINATOR, "town_a"),
    "vol": (Role.VOLUNTEER, "school_a"),
    "office": (Role.COMMITTEE_OFFICE, "county"),
    "townleader": (Role.TOWNSHIP_LEADER, "town_a"),
    "auditor": (Role.AUDITOR, "county"),
}
NOTE = {"kind": "mind", "summary": "莺要", "how_to_help": "莺助", "text": "莺文"}
WORDS = ("莺要", "莺助", "莺文")


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    with sqlite_app.app_context(), writing() as session:
        built = build_world(session)
        for login, (role, place) in READERS.items():
            user = add_account(session, role, getattr(built.near, place), login)
            if role is Role.CLASS_TEACHER:
                give_class(session, user, built.classes[built.near.school_a.code])
            if role is Role.VOLUNTEER:
                add_pairing(session, built.children["a1"], user.person, built.near.school_a)
    return built


def _file(world: World, label: str = "a1", act: str = "") -> str:
    return f"/children/{world.children[label].public_id}/{act}"


def _write(app: Flask, world: World, writer: str, **changed: str) -> FlaskClient:
    client = sign_in(app, writer)
    answer = client.post(_file(world, act="notes/new"), data=NOTE | changed)
    assert answer.status_code == 302, answer.text
    return client


def _notes(app: Flask, world: World) -> list[ChildNote]:
    with app.app_context(), unscoped("test: the notes") as session:
        mine = select(ChildNote).where(ChildNote.child_id == world.children["a1"].id).order_by(ChildNote.id)
        found = session.scalars(mine).all()
        session.expunge_all()
        return list(found)


def _text(client: FlaskClient, address: str) -> str:
    return html.unescape(client.get(address).text)


@pytest.mark.parametrize("writer", WRITERS)
def test_whoever_wrote_a_note_reads_her_own_words_again(sqlite_app: Flask, world: World, writer: str) -> None:
    client = _write(sqlite_app, world, writer)
    text = _text(client, _file(world))
    assert [word for word in WORDS if word in text] == list(WORDS)
    assert world.canaries["a1"].health not in text


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("writer", WRITERS)
def test_everybody_else_sees_what_the_table_says(
    sqlite_app: Flask, world: World, writer: str, reader: str
) -> None:
    if reader == writer:
        return
    _write(sqlite_app, world, writer)
    mask = MASKS[READERS[reader][0]][FileField.NOTE]
    text = _text(sign_in(sqlite_app, reader), _file(world))
    shown = [word for word in WORDS if word in text]
    assert shown == (["莺要", "莺助"] if mask is Mask.PART else [])


@pytest.mark.parametrize("reader", ["vol", "office", "townleader", "auditor", "town", "head"])
def test_who_may_not_write_one_has_no_page_for_it(sqlite_app: Flask, world: World, reader: str) -> None:
    client = sign_in(sqlite_app, reader)
    assert client.get(_file(world, act="notes/new")).status_code == 403
    assert client.post(_file(world, act="notes/new"), data=NOTE).status_code == 403
    assert len(_notes(sqlite_app, world)) == 1


@pytest.mark.parametrize(("writer", "label"), [("teacher", "a2"), ("coord", "b1"), ("director", "a2")])
def test_a_note_is_written_of_ones_own_children_only(
    sqlite_app: Flask, world: World, writer: str, label: str
) -> None:
    client = sign_in(sqlite_app, writer)
    assert client.post(_file(world, label, "notes/new"), data=NOTE).status_code == 404


def test_a_note_lies_sealed_and_the_log_does_not_say_what_it_is_about(
    sqlite_app: Flask, world: World
) -> None:
    _write(sqlite_app, world, "teacher")
    note = _notes(sqlite_app, world)[-1]
    with sqlite_app.app_context(), unscoped("test: the sealed words") as session:
        held = session.get_one(ChildNote, note.id)
        sealed = held.summary_sealed + held.how_to_help_sealed + held.text_sealed
        assert [word for word in WORDS if word.encode() in sealed] == []
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "children:note:write")).one()
        assert line.subject == f"note:{note.public_id}"
        assert line.details == {"case": world.canaries["a1"].case_no}


def _end(app: Flask, world: World, client: FlaskClient, number: int = -1) -> int:
    note = _notes(app, world)[number]
    return client.post(_file(world, act=f"notes/{note.public_id}/end")).status_code


@pytest.mark.parametrize("writer", WRITERS)
def test_a_note_ends_and_nothing_is_overwritten(sqlite_app: Flask, world: World, writer: str) -> None:
    client = _write(sqlite_app, world, writer)
    assert _end(sqlite_app, world, client) == 302
    assert [word for word in WORDS if word in _text(client, _file(world))] == []
    with sqlite_app.app_context(), unscoped("test: the ended note") as session:
        held = session.scalars(select(ChildNote).order_by(ChildNote.id.desc())).first()
        assert (held.summary, held.text, held.until) == ("莺要", "莺文", held.since)
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "children:note:end")).one()
        assert line.details == {"case": world.canaries["a1"].case_no}
    assert _end(sqlite_app, world, client) == 404


@pytest.mark.parametrize(
    ("writer", "other", "answer"),
    [
        ("teacher", "coord", 302), ("teacher", "director", 403), ("coord", "director", 403),
        ("director", "coord", 403), ("coord", "teacher", 403), ("director", "teacher", 403),
        ("teacher", "head", 403), ("teacher", "office", 403), ("teacher", "vol", 403),
    ],
)  # fmt: skip
def test_a_note_is_ended_by_its_writer_or_by_who_keeps_the_file_on_her_side(
    sqlite_app: Flask, world: World, writer: str, other: str, answer: int
) -> None:
    _write(sqlite_app, world, writer)
    assert _end(sqlite_app, world, sign_in(sqlite_app, other)) == answer


@pytest.mark.parametrize("field", ["summary", "how_to_help", "text"])
@pytest.mark.parametrize("label", ["问题学生", "后进生", "差生", "学困生"])
def test_a_label_is_refused_kindly_beside_its_field_and_nothing_is_lost(
    sqlite_app: Flask, world: World, field: str, label: str
) -> None:
    client = sign_in(sqlite_app, "teacher")
    typed = NOTE | {field: f"他是{label}，上课走神"}
    answer = client.post(_file(world, act="notes/new"), data=typed)
    text = html.unescape(answer.text)
    assert answer.status_code == 400
    assert f"不用“{label}”这样的称呼" in text
    assert f'id="{field}-error"' in text
    assert all(value in text for value in typed.values())
    assert len(_notes(sqlite_app, world)) == 1


@pytest.mark.parametrize("label", LABELS)
def test_every_label_is_found(label: str) -> None:
    assert label_in("", f"老师说他是个{label}。") == label


@pytest.mark.parametrize(
    "text",
    [
        "早晚温差生病多",
        "父亲出差生病住院",
        "成绩比上学期差，生活自理",
        "这个问题学校已经解决",
        "",
        "数学后来进步了",
    ],
)
def test_other_words_are_left_to_the_writer(text: str) -> None:
    assert label_in(text) == ""


@pytest.mark.parametrize("missing", ["kind", "summary"])
def test_what_is_missing_is_said_beside_the_field(sqlite_app: Flask, world: World, missing: str) -> None:
    answer = sign_in(sqlite_app, "coord").post(_file(world, act="notes/new"), data=NOTE | {missing: ""})
    assert answer.status_code == 400
    assert f'id="{missing}-error"' in answer.text
    assert len(_notes(sqlite_app, world)) == 1


def test_a_reason_in_words_carries_no_name_into_the_log(sqlite_app: Flask, world: World) -> None:
    canary, client = world.canaries["a1"], sign_in(sqlite_app, "coord")
    asked = {"field": "note", "purpose": "care", "words": f"给{canary.name}家访，电话{canary.phone}"}
    assert client.post(_file(world, act="reveal/"), data=asked).status_code == 200
    with sqlite_app.app_context(), unscoped("test: reading the audit") as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "children:field:reveal")).one()
        assert line.details["reason"] == "给雀○○家访，电话＊＊＊"


def test_why_a_note_was_read_is_told_to_those_who_might_read_it(sqlite_app: Flask, world: World) -> None:
    asked = {"field": "note", "purpose": "care", "words": "了解莺病用药"}
    sign_in(sqlite_app, "coord").post(_file(world, act="reveal/"), data=asked)
    school = f"/units/{world.near.school_a.code}/audit/"
    assert "莺病" in sign_in(sqlite_app, "head").get(school).text
    for login in ("office", "auditor", "townleader", "town"):
        text = sign_in(sqlite_app, login).get(school).text
        assert "关心" in text or "健康" in text, "that it was read is told"
        assert "莺病" not in text, login
