"""The service log: what a volunteer did, confirmed by somebody else, without any child; and the certificate."""

from __future__ import annotations

import io
import uuid
from datetime import date, datetime

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.models.accounts import User
from portal.models.audit import AuditEntry
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.services import units
from portal.services.volunteers import certificate, service_log
from portal.tenancy.roles import Role
from tests.acting import acting
from tests.clients import sign_in
from tests.factories.county import add_account, writing
from tests.factories.helping import World, build_world
from tests.factories.world import add_visit

SCHOOL = "990001-S1"


@pytest.fixture
def world(app: Flask) -> World:
    """Three services of 岳小楠 with 陈小禾: one with two children, one written late, one written for her."""
    built = build_world(app)
    with app.app_context(), writing() as session:
        pairing = session.scalars(select(Pairing)).one()
        mine, other = (session.get_one(type(one), one.id) for one in (built.mine, built.other))
        helper, school = pairing.helper, built.place.school_a
        own = _user(session, "vol")
        first = add_visit(session, mine, helper, school, pairing=pairing, happened_on=date(2025, 6, 2))
        again = add_visit(session, other, helper, school, happened_on=date(2025, 6, 2))
        again.entry_id = first.entry_id
        late = add_visit(session, mine, helper, school, pairing=pairing, happened_on=date(2025, 6, 3))
        for_her = add_visit(session, mine, helper, school, pairing=pairing, happened_on=date(2025, 6, 4))
        for one, user in ((first, own), (again, own), (late, own), (for_her, _user(session, "coord"))):
            one.logged_at, one.logged_by_id = datetime(2025, 6, 5), user
        late.logged_at = datetime(2025, 6, 20)
    return built


def _user(session: object, name: str) -> int:
    return session.scalars(select(User.id).where(User.username == name)).one()  # type: ignore[attr-defined]


def _waiting(app: Flask, by: str = "coord", code: str = SCHOOL) -> list[service_log.Waiting]:
    with acting(app, by) as actor:
        return service_log.list_waiting(units.get_unit(actor, code), actor=actor)


def _confirm(app: Flask, entries: list[uuid.UUID], by: str = "coord") -> int:
    with acting(app, by) as actor:
        number = service_log.confirm(units.get_unit(actor, actor.unit.code), entries, actor=actor)
        db.session.commit()
        return number


def test_entries_are_one_line_each_with_their_marks(app: Flask, world: World) -> None:
    found = [(one.service.day.day, one.service.children, one.service.is_late, one.service.for_her, one.may_confirm)
             for one in _waiting(app)]  # fmt: skip
    assert found == [(4, 1, False, True, False), (3, 1, True, False, True), (2, 2, False, False, True)]
    assert len(_waiting(app, "town", "990001001")) == 3
    assert all(one.may_confirm for one in _waiting(app, "head"))


def test_nobody_confirms_what_she_has_written_down_herself(app: Flask, world: World) -> None:
    for_her = _waiting(app)[0].service.entry_id
    with pytest.raises(Refused) as refused:
        _confirm(app, [for_her])
    assert refused.value.field == "entries"
    with pytest.raises(Refused):
        _confirm(app, [uuid.uuid4()])
    assert _confirm(app, [for_her], by="head") == 1
    with pytest.raises(PermissionDenied):
        _confirm(app, [for_her], by="vol")


def test_only_what_is_confirmed_goes_into_the_hours(app: Flask, world: World) -> None:
    both = _waiting(app)[2].service.entry_id
    assert _confirm(app, [both]) == 1
    assert len(_waiting(app)) == 2
    with acting(app, "vol") as actor:
        year = service_log.read_year(actor.person_id, actor.unit.county_id, actor=actor, year=2025)
        assert (len(year.services), year.confirmed, year.minutes, year.children) == (3, 1, 20, 2)
        assert year.hours == 0.3
        with pytest.raises(PermissionDenied):
            service_log.read_year(world.helper.person_id, actor.unit.county_id, actor=actor, year=2025)
        empty = service_log.read_year(actor.person_id, actor.unit.county_id, actor=actor, year=2024)
        assert empty.services == []


def test_the_year_is_whole_where_the_list_is_cut(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hours and the certificate count every confirmed service, not only those a page shows."""
    _confirm(app, [one.service.entry_id for one in _waiting(app, "head")], by="head")
    monkeypatch.setattr(service_log, "SHOWN", 1)
    with acting(app, "vol") as actor:
        year = service_log.read_year(actor.person_id, actor.unit.county_id, actor=actor, year=2025)
        assert (len(year.services), year.confirmed, year.minutes, year.children) == (1, 3, 60, 2)


def test_an_entry_counts_once_all_its_children_are_confirmed(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        session.scalars(select(Visit).order_by(Visit.id).limit(1)).one().confirmed_at = datetime(2025, 6, 6)
    with acting(app, "vol") as actor:
        year = service_log.read_year(actor.person_id, actor.unit.county_id, actor=actor, year=2025)
        assert (year.confirmed, year.minutes, year.children) == (0, 0, 0)


def test_a_voided_visit_and_a_teachers_talk_are_no_services(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        first, second, *_rest = session.scalars(select(Visit).order_by(Visit.id)).all()
        first.voided_at = second.voided_at = datetime(2025, 6, 6)
        session.scalars(
            select(Visit).where(Visit.happened_on == date(2025, 6, 3))
        ).one().role = Role.CLASS_TEACHER
    assert len(_waiting(app)) == 1


def test_the_certificate_says_hours_and_no_child(app: Flask, world: World) -> None:
    with acting(app, "vol") as actor:
        one = certificate.own_entry(actor=actor)
        with pytest.raises(Refused, match="还没有经确认"):
            certificate.certify(one, actor=actor, year=2025)
    _confirm(app, [one.service.entry_id for one in _waiting(app, "head")], by="head")
    client = sign_in(app, "vol")
    page = client.get("/service").text
    assert "陈小禾" not in page
    assert "已确认" in page
    answer = client.get("/service/certificate.pdf?year=2025")
    assert answer.mimetype == "application/pdf"
    words = "".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.get_data())).pages)
    assert "岳小楠" in words
    assert "陈小禾" not in words
    assert "服务 3 次" in words
    assert client.get("/service/certificate.pdf?year=2024").status_code == 302
    with acting(app, "coord"):
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert "visits:visit:confirm" in actions


def test_the_page_confirms_what_is_ticked(app: Flask, world: World) -> None:
    with app.app_context(), writing() as session:
        add_account(session, Role.SCHOOL_COORDINATOR, world.place.school_a, "second")
    client, address = sign_in(app, "second"), f"/units/{SCHOOL}/volunteers/services"
    assert client.post(address, data={}).status_code == 400
    chosen = [str(one.service.entry_id) for one in _waiting(app, "head")]
    assert client.post(address, data={"entries": chosen}).status_code == 302
    assert "所有服务均已确认" in client.get(address).text
