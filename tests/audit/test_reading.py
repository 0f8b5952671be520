"""Sensitive reads: written by the edge after the answer, once in ten minutes, shown on the child's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.extensions import db
from portal.models.audit import AuditEntry, FileLook
from portal.models.children import Child
from portal.services import audit
from portal.services.audit import chain, lines, looking
from portal.tenancy.scope import unscoped
from tests.acting import acting
from tests.audit.conftest import World
from tests.clients import sign_in


def actions(app: Flask, *of: str) -> list[str]:
    with app.app_context(), unscoped("test: reading the audit") as session:
        found = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    return [one for one in found if not of or one in of]


LOOK = "children:file:read"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the real clock of the audit on."""
    clock = {"now": datetime(2025, 6, 30, 2, 0)}
    for module in (looking, chain):
        monkeypatch.setattr(module, "now", lambda: clock["now"])

    def move(by: timedelta) -> None:
        clock["now"] += by

    return move


def test_opening_a_childs_file_leaves_one_line_in_ten_minutes(
    app: Flask, world: World, later: Callable[[timedelta], None]
) -> None:
    client, page = sign_in(app, "coord"), f"/children/{world.child.public_id}/"
    for _n in range(3):
        assert client.get(page).status_code == 200
        later(timedelta(minutes=4))
    assert actions(app, LOOK) == [LOOK]
    later(timedelta(minutes=10))
    client.get(page)
    assert actions(app, LOOK) == [LOOK, LOOK]


def test_each_person_has_her_own_line_the_volunteer_too(app: Flask, world: World) -> None:
    for username in ("coord", "director", "town", "vol"):
        assert sign_in(app, username).get(f"/children/{world.child.public_id}/").status_code == 200
    assert actions(app, LOOK) == [LOOK] * 4
    with acting(app, "director") as actor:
        child = db.session.get_one(Child, world.child.id)
        looks = lines.list_looks(child, actor=actor)
    assert [(one.who, one.unit) for one in reversed(looks)] == [
        ("试coord", "甲镇小学"),
        ("试director", "甲东村"),
        ("试town", "甲镇"),
        ("试vol", "甲镇小学"),
    ]
    assert {one.text for one in looks} == {f"opened file {world.child.case_no}"} or "档案" in looks[0].text


def test_a_file_that_is_not_there_leaves_no_line(app: Flask, world: World) -> None:
    assert sign_in(app, "other").get(f"/children/{world.child.public_id}/").status_code == 404
    assert actions(app, LOOK) == []


def test_an_answer_whose_line_cannot_be_written_is_not_given(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = sign_in(app, "coord")

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(chain, "link", broken)
    answer = client.get(f"/children/{world.child.public_id}/")
    assert answer.status_code == 500
    assert world.child.name not in answer.get_data(as_text=True)


def test_a_look_whose_line_met_a_busy_database_is_tried_again(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, link, tries = sign_in(app, "coord"), chain.link, []

    def busy_once(entry: AuditEntry, before: str) -> str:
        tries.append(entry.action)
        if len(tries) == 1:
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        return link(entry, before)

    monkeypatch.setattr(chain, "link", busy_once)
    assert client.get(f"/children/{world.child.public_id}/").status_code == 200
    assert (actions(app, LOOK), tries) == ([LOOK], [LOOK, LOOK])


def test_the_childs_page_says_who_looked_when_and_why(app: Flask, world: World) -> None:
    with acting(app, "town") as actor:
        child = db.session.get_one(Child, world.child.id)
        audit.read(actor, LOOK, child=child, reason="家访前确认")
        db.session.commit()
    page = sign_in(app, "coord").get(f"/children/{world.child.public_id}/").get_data(as_text=True)
    assert "谁看过" in page
    assert "试town（甲镇 乡镇协调员" in page
    assert "事由：家访前确认" in page
    card = sign_in(app, "vol").get(f"/children/{world.child.public_id}/").get_data(as_text=True)
    assert "谁看过" not in card


def test_what_leaves_the_portal_is_a_line_every_time(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        for _n in range(2):
            audit.read(actor, "registers:refused_rows:export", subject="import:x", each=True)
            audit.read(actor, "registers:roster:read", subject="import:x")
            db.session.commit()
    found = actions(app, "registers:refused_rows:export", "registers:roster:read")
    assert found.count("registers:refused_rows:export") == 2
    assert found.count("registers:roster:read") == 1


def test_opening_unusually_many_files_is_told_once_and_only_as_a_count(
    app: Flask, world: World, later: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        looking, "BUDGETS", {"hour": (timedelta(hours=1), 3), "day": (timedelta(hours=24), 300)}
    )
    monkeypatch.setattr(looking, "AGAIN", timedelta(0))
    with acting(app, "coord") as actor:
        child = db.session.get_one(Child, world.child.id)
        for number in range(6):
            audit.read(actor, LOOK, child=child)
            db.session.commit()
            assert actions(app).count("audit:budget:passed") == (1 if number >= 3 else 0)
            later(timedelta(minutes=1))
    with app.app_context(), unscoped("test: the notice") as session:
        notice = session.scalars(select(AuditEntry).where(AuditEntry.action == "audit:budget:passed")).one()
        assert (notice.subject, notice.details) == ("", {"per": "hour", "files": 3})


def test_a_look_stands_behind_the_wall_of_its_child(app: Flask, world: World) -> None:
    with acting(app, "coord") as actor:
        audit.read(actor, LOOK, child=db.session.get_one(Child, world.child.id))
        db.session.commit()
    for username, seen in (
        ("director", 1),
        ("town", 1),
        ("office", 1),
        ("other", 0),
        ("faraway", 0),
        ("vol", 0),
    ):
        with acting(app, username):
            assert len(db.session.scalars(select(FileLook)).all()) == seen, username
