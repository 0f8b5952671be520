"""The chain: numbered at the commit, without gaps, short of locks, refused to whoever says nothing."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from portal.errors import Unaudited
from portal.extensions import db
from portal.models.audit import AuditEntry, AuditHead
from portal.models.children import Child
from portal.services import audit
from portal.services.audit import chain
from portal.tenancy.scope import unscoped
from tests.acting import acting
from tests.audit.conftest import World, write_lines
from tests.factories.county import writing


def lines(app: Flask, county_id: int) -> list[AuditEntry]:
    with app.app_context(), unscoped("test: reading the audit") as session:
        found = session.scalars(
            select(AuditEntry).where(AuditEntry.county_id == county_id).order_by(AuditEntry.seq)
        ).all()
        session.expunge_all()
        return list(found)


def test_lines_are_numbered_and_each_hash_follows_from_the_one_before(app: Flask, world: World) -> None:
    write_lines(app)
    before = ""
    for number, line in enumerate(lines(app, world.place.county.id), start=1):
        assert (line.seq, line.hash) == (number, chain.link(line, before))
        before = line.hash
    with app.app_context(), unscoped("test: reading the head") as session:
        head = session.get_one(AuditHead, world.place.county.id)
        assert (head.seq, head.hash) == (3, before)


def test_every_county_has_a_chain_of_its_own(app: Flask, world: World) -> None:
    write_lines(app, "coord", 2)
    write_lines(app, "faraway", 1)
    assert [line.seq for line in lines(app, world.place.county.id)] == [1, 2]
    assert [line.seq for line in lines(app, world.far.county.id)] == [1]


def test_what_belongs_to_no_county_stands_in_chain_nought(app: Flask, world: World) -> None:
    with app.app_context(), unscoped("test: an unknown account") as session:
        audit.record_system(session, "accounts:session:fail")
        session.commit()
    assert [(line.seq, line.unit_id) for line in lines(app, 0)] == [(1, 0)]


def test_a_rolled_back_act_leaves_no_line_and_no_gap(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        audit.record(actor, "registers:roster:receive")
        db.session.rollback()
        db.session.commit()
    write_lines(app, count=1)
    assert [line.seq for line in lines(app, world.place.county.id)] == [1]


def test_a_savepoint_that_is_undone_takes_its_line_with_it(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        audit.record(actor, "registers:roster:receive")
        undone = db.session.begin_nested()
        audit.record(actor, "registers:roster:confirm")
        undone.rollback()
        with db.session.begin_nested():
            audit.record(actor, "registers:roster:read")
        db.session.commit()
    found = [line.action for line in lines(app, world.place.county.id)]
    assert found == ["registers:roster:receive", "registers:roster:read"]


def test_a_transaction_that_changes_a_row_and_says_nothing_is_refused(app: Flask, world: World) -> None:
    with acting(app, "coord"):
        db.session.get_one(Child, world.child.id).remark = "改"
        with pytest.raises(Unaudited, match="Child"):
            db.session.commit()
        db.session.rollback()
        assert db.session.get_one(Child, world.child.id).remark == ""


def test_the_line_of_an_earlier_transaction_does_not_speak_for_the_next(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        audit.record(actor, "registers:roster:receive")
        db.session.commit()
        db.session.get_one(Child, world.child.id).remark = "改"
        with pytest.raises(Unaudited):
            db.session.commit()
        db.session.rollback()


def test_a_system_session_answers_for_itself(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        session.get_one(Child, world.child.id).remark = "改"


def test_many_writers_at_once_leave_one_sound_chain(app: Flask, world: World) -> None:
    threads = [threading.Thread(target=write_lines, args=(app, "coord", 5)) for _n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = lines(app, world.place.county.id)
    assert [line.seq for line in found] == list(range(1, 31))
    assert [line.hash for line in found] == [
        chain.link(line, before) for line, before in zip(found, ["", *(f.hash for f in found)], strict=False)
    ]


def test_the_name_of_a_child_is_not_in_the_line(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        child = db.session.get_one(Child, world.child.id)
        audit.record(actor, "pairings:pairing:make", child=child)
        db.session.commit()
    [line] = lines(app, world.place.county.id)
    assert line.details == {"case": world.child.case_no}
    assert line.subject == f"child:{world.child.public_id}"
