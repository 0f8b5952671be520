"""Covered fields: who sees what of a file, lifting a cover, comparing a number, calling."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.errors import Refused, SealBroken
from portal.models.audit import AuditEntry, FileLook
from portal.models.children import ChildNote
from portal.services.children import covered, listing
from portal.tenancy.masks import MASKS, Mask, village_group
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.terms import FileField
from tests.acting import acting
from tests.clients import sign_in
from tests.factories.county import add_account, give_class, writing
from tests.factories.world import World, build_world
from tests.permissions.masks import PAGE, page

READERS = {
    "teacher": (Role.CLASS_TEACHER, "school_a"),
    "coord": (Role.SCHOOL_COORDINATOR, "school_a"),
    "head": (Role.PRINCIPAL, "school_a"),
    "director": (Role.CHILD_DIRECTOR, "village_a1"),
    "town": (Role.TOWNSHIP_COORDINATOR, "town_a"),
}


@pytest.fixture
def world(sqlite_app: Flask) -> Iterator[World]:
    """The world with a reader of every kind who opens files."""
    with sqlite_app.app_context(), writing() as session:
        built = build_world(session)
        for login, (role, place) in READERS.items():
            user = add_account(session, role, getattr(built.near, place), login)
            if role is Role.CLASS_TEACHER:
                give_class(session, user, built.classes[built.near.school_a.code])
    return built


def _address(world: World, label: str = "a1", act: str = "") -> str:
    return f"/children/{world.children[label].public_id}/{act}"


def _runs(number: str) -> set[str]:
    """Every six signs of a number in a row, without those of the birth date, which may stand elsewhere."""
    return {number[at : at + 6] for at in range(len(number) - 5)}


@pytest.mark.parametrize("reader", READERS)
def test_a_file_shows_of_each_field_what_the_table_says(sqlite_app: Flask, world: World, reader: str) -> None:
    canary, masks = world.canaries["a1"], MASKS[READERS[reader][0]]
    text = html.unescape(sign_in(sqlite_app, reader).get(_address(world)).text)
    assert (canary.phone in text) is (masks[FileField.GUARDIAN_PHONE] is Mask.CLEAR)
    assert (canary.address in text) is (masks[FileField.ADDRESS] is Mask.CLEAR)
    assert ("雀巢路" in text) is (masks[FileField.ADDRESS] in (Mask.CLEAR, Mask.PART))
    assert canary.health not in text
    for word in (canary.summary, canary.help):
        assert (word in text) is (masks[FileField.NOTE] is Mask.PART)
    assert [run for run in _runs(canary.id_no) if run in re.sub(r'href="[^"]*"', "", text)] == []


@pytest.mark.parametrize("reader", ["coord", "head", "town"])
def test_a_phone_is_uncovered_for_one_page_view_and_written_down(
    sqlite_app: Flask, world: World, reader: str
) -> None:
    client, canary = sign_in(sqlite_app, reader), world.canaries["a1"]
    asked = {"field": "guardian_phone", "purpose": "prepare_visit", "words": ""}
    answer = client.post(_address(world, act="reveal/"), data=asked)
    assert answer.status_code == 200
    assert canary.phone in answer.text
    assert canary.address not in answer.text
    assert canary.phone not in client.get(_address(world)).text
    with sqlite_app.app_context(), unscoped("test: reading the audit") as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "children:field:reveal")).one()
        assert line.details["field"] == "guardian_phone"
        assert line.details["purpose"] == "prepare_visit"
        look = session.scalars(select(FileLook).where(FileLook.action == "children:field:reveal")).one()
        assert look.child_id == world.children["a1"].id


@pytest.mark.parametrize("reader", ["coord", "head", "director"])
def test_a_note_is_read_with_a_reason_in_words_only(sqlite_app: Flask, world: World, reader: str) -> None:
    client, canary = sign_in(sqlite_app, reader), world.canaries["a1"]
    asked = {"field": "note", "purpose": "care", "words": ""}
    refused = client.post(_address(world, act="reveal/"), data=asked)
    assert refused.status_code == 400
    assert "说明" in refused.text
    assert canary.health not in refused.text
    answer = client.post(_address(world, act="reveal/"), data=asked | {"words": "家访前了解用药"})
    assert answer.status_code == 200
    assert canary.health in answer.text


@pytest.mark.parametrize(
    ("reader", "field"),
    [("town", "note"), ("coord", "id_number"), ("head", "id_number"), ("director", "id_number")],
)
def test_what_the_table_never_shows_is_not_uncovered(
    sqlite_app: Flask, world: World, reader: str, field: str
) -> None:
    asked = {"field": field, "purpose": "check_file", "words": "请让我看看"}
    answer = sign_in(sqlite_app, reader).post(_address(world, act="reveal/"), data=asked)
    assert answer.status_code == 403
    assert [word for word in world.canaries["a1"].sealed if word in answer.text] == []


def test_a_class_teacher_has_nothing_to_uncover(sqlite_app: Flask, world: World) -> None:
    asked = {"field": "note", "purpose": "care", "words": "请让我看看"}
    assert sign_in(sqlite_app, "teacher").post(_address(world, act="reveal/"), data=asked).status_code == 403


@pytest.mark.parametrize(
    ("typed", "words"), [("{number}", "一致"), (" {wide} ", "一致"), ("11010519491231002X", "不一致")]
)
def test_a_number_on_paper_is_compared_and_never_shown(
    sqlite_app: Flask, world: World, typed: str, words: str
) -> None:
    number = world.canaries["a1"].id_no
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    typed = typed.format(number=number, wide=wide)
    answer = sign_in(sqlite_app, "teacher").post(_address(world, act="compare/"), data={"number": typed})
    assert answer.status_code == 200
    assert words in answer.text
    assert typed.strip() not in answer.text
    assert [run for run in _runs(number) if run in re.sub(r'(href|action)="[^"]*"', "", answer.text)] == []


def test_a_slip_of_the_pen_is_said_beside_the_field_and_not_shown_again(
    sqlite_app: Flask, world: World
) -> None:
    answer = sign_in(sqlite_app, "coord").post(_address(world, act="compare/"), data={"number": "12345678"})
    assert answer.status_code == 400
    assert "18" in answer.text
    assert "12345678" not in answer.text


def test_ten_numbers_an_hour_and_no_more(sqlite_app: Flask, world: World) -> None:
    with acting(sqlite_app, "coord") as actor:
        child = listing.get_child(world.children["a1"].public_id, actor=actor)
        for _n in range(covered.COMPARISONS):
            assert not covered.compare_number(child, "11010519491231002X", actor=actor)
        with pytest.raises(Refused):
            covered.compare_number(child, world.canaries["a1"].id_no, actor=actor)


@pytest.mark.parametrize("reader", READERS)
def test_calling_is_one_tap_and_written_down(sqlite_app: Flask, world: World, reader: str) -> None:
    answer = sign_in(sqlite_app, reader).get(_address(world, act="call/"))
    assert answer.headers["Location"] == f"tel:{world.canaries['a1'].phone.replace('-', '')}"
    with sqlite_app.app_context(), unscoped("test: reading the audit") as session:
        calls = select(AuditEntry).where(AuditEntry.action == "children:guardian:call")
        assert len(session.scalars(calls).all()) == 1


def test_a_list_of_children_opens_no_seal(sqlite_app: Flask, world: World) -> None:
    with acting(sqlite_app, "coord") as actor:
        lines = listing.list_children(actor_unit(actor), actor=actor).lines
        assert {"id_no_sealed"}.isdisjoint(vars(lines[0].child))


def actor_unit(actor):
    from portal.services.units import get_unit

    return get_unit(actor, actor.unit.code)


@pytest.mark.parametrize("damage", ["moved", "changed"])
def test_a_note_that_was_moved_or_changed_outside_is_refused_in_words(
    sqlite_app: Flask, world: World, damage: str
) -> None:
    with sqlite_app.app_context(), unscoped("test: past the portal") as session:
        notes = session.scalars(select(ChildNote).order_by(ChildNote.id)).all()
        mine = next(one for one in notes if one.child_id == world.children["a1"].id)
        other = next(one for one in notes if one.child_id == world.children["a2"].id)
        changed = bytearray(mine.summary_sealed)
        changed[-1] ^= 1
        value = other.summary_sealed if damage == "moved" else bytes(changed)
        session.execute(update(ChildNote).where(ChildNote.id == mine.id).values(summary_sealed=value))
        session.commit()
        session.expire_all()
        with pytest.raises(SealBroken):
            _ = mine.summary
    answer = sign_in(sqlite_app, "teacher").get(_address(world))
    assert answer.status_code == 400
    assert world.canaries["a2"].summary not in answer.text


def test_the_file_page_costs_few_statements_and_a_teacher_finds_her_class(
    sqlite_app: Flask, world: World
) -> None:
    client = sign_in(sqlite_app, "teacher")
    page_of_list = client.get(f"/units/{world.near.school_a.code}/children/").text
    assert world.canaries["a1"].name in page_of_list
    assert world.canaries["a2"].name not in page_of_list
    assert client.get(_address(world, "a2")).status_code == 404


@pytest.mark.parametrize(
    ("address", "group"),
    [("三组12号", "三组"), ("3组12号", "3组"), ("大院子5号", "大院子"), ("", ""), ("12号", "")],
)
def test_a_group_is_told_without_the_door(address: str, group: str) -> None:
    assert village_group(address) == group


def test_the_page_of_masks_is_generated_from_the_table() -> None:
    """If this fails, run `python -m tests.permissions.masks`."""
    assert PAGE.read_text(encoding="utf-8") == page()
    assert all(set(masks) == set(FileField) for masks in MASKS.values())
    assert set(MASKS) == set(Role)
