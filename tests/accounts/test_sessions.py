"""Sessions: a row of the database, ended at once wherever the reason lies."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.config import now
from portal.models.accounts import LoginSession, Person
from portal.models.pairings import Pairing
from portal.services.accounts.passwords import credential_of
from portal.services.accounts.sessions import ABSOLUTE_LIFE
from portal.tenancy.columns import FOREVER
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from tests.accounts.conftest import Office, begin_later, disable, end_membership, unvet, user_of
from tests.clients import sign_in
from tests.factories.county import add_child, add_pairing, add_second, writing


def _cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("portal")
    assert cookie is not None
    return cookie.value


def _is_in(client: FlaskClient) -> bool:
    answer = client.get("/acting")
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


def _copy(app: Flask, value: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("portal", value)
    return client


def test_a_copied_cookie_is_worth_nothing_after_signing_out(office: Office) -> None:
    client = sign_in(office.app, "director")
    copied = _copy(office.app, _cookie(client))
    assert _is_in(copied)
    assert client.post("/logout").location == "/login"
    assert not _is_in(copied)
    assert not _is_in(client)


def test_signing_out_ends_this_device_only(office: Office) -> None:
    phone, desk = sign_in(office.app, "director"), sign_in(office.app, "director")
    phone.post("/logout")
    assert _is_in(desk)


def test_signing_out_twice_or_without_a_session_does_no_harm(office: Office) -> None:
    client = office.app.test_client()
    assert [client.post("/logout").status_code for _n in range(2)] == [302, 302]


@pytest.mark.parametrize(
    ("username", "happened"),
    [("director", disable), ("director", end_membership), ("director", begin_later), ("helper", unvet)],
    ids=["account off", "duty ended", "duty not begun", "check expired"],
)
def test_access_ends_with_the_next_request(
    office: Office, username: str, happened: Callable[[Session, str], None]
) -> None:
    client = sign_in(office.app, username)
    assert _is_in(client)
    with office.app.app_context(), writing() as session:
        happened(session, username)
    assert not _is_in(client)
    assert client.get("/api/v1/units/990001/rollup").status_code == 401


def test_a_volunteer_loses_the_child_with_the_end_of_the_pairing(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        village = session.get_one(Unit, office.place.village_a1.id)
        child = add_child(session, village=village, school=None)
        helper = session.get_one(Person, user_of(session, "helper").person_id)
        pairing = add_pairing(session, child, helper, village)
    client, page = sign_in(office.app, "helper"), f"/children/{child.public_id}/"
    assert client.get(page).status_code == 200
    with office.app.app_context(), writing() as session:
        session.get_one(Pairing, pairing.id).ends_on = date(2025, 6, 30)
    assert client.get(page).status_code == 404


def test_a_session_is_over_after_twelve_hours_however_busy(office: Office) -> None:
    client = sign_in(office.app, "director")
    for age, still_in in ((ABSOLUTE_LIFE - timedelta(minutes=1), True), (ABSOLUTE_LIFE, False)):
        with office.app.app_context(), writing() as session:
            session.execute(update(LoginSession).values(created_at=now() - age))
        assert _is_in(client) is still_in


def test_every_sign_in_gets_a_token_of_its_own(office: Office) -> None:
    """A token planted before signing in is not the one used after it."""
    client = office.app.test_client()
    client.post("/preferences", data={"locale": "en"})
    before = _cookie(client)
    client.post("/login", data={"username": "director", "password": "Only-for-tests-1"})
    assert _cookie(client) != before
    sign_in(office.app, "director")
    with office.app.app_context(), writing() as session:
        rows = session.scalars(select(LoginSession.token_hash)).all()
    assert len(set(rows)) == len(rows) == 2


def test_the_database_holds_no_token_and_no_password(office: Office) -> None:
    client = sign_in(office.app, "director")
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with office.app.app_context(), writing() as session:
        row = session.scalars(select(LoginSession)).one()
        hashed = credential_of(session, user_of(session, "director").id).password_hash
    assert token not in (row.token_hash, row.agent)
    assert hashed.startswith("$argon2id$")


def test_a_changed_cookie_is_no_session(office: Office) -> None:
    value = _cookie(sign_in(office.app, "director"))
    other = "A" if value[-5] != "A" else "B"  # not the last sign: its unused bits may change nothing
    for broken in (value[:-3], value[:-5] + other + value[-4:], "x", ""):
        assert not _is_in(_copy(office.app, broken))


def test_the_cookie_is_kept_from_scripts_and_other_sites(office: Office) -> None:
    data = {"username": "director", "password": "Only-for-tests-1"}
    header = office.app.test_client().post("/login", data=data).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Domain" not in header


# ---- acting in another role -----------------------------------------------------------------------


def _second_duty(session: Session, office: Office, username: str, **when: date) -> uuid.UUID:
    membership = Membership(
        public_id=uuid.uuid4(),
        user_id=user_of(session, username).id,
        role=Role.TOWNSHIP_LEADER,
        unit=session.get_one(Unit, office.place.town_a.id),
        **({"valid_from": date(2024, 9, 1), "valid_until": FOREVER} | when),
    )
    session.add(membership)
    add_second(session, user_of(session, username))
    session.flush()
    return membership.public_id


def _switch(client: FlaskClient, membership: object) -> int:
    return client.post("/acting", data={"membership": str(membership)}).status_code


def test_a_person_with_two_duties_acts_in_the_one_she_chooses(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        second = _second_duty(session, office, "director")
    client = sign_in(office.app, "director")
    assert client.get("/units/990001001/").status_code == 404
    assert _switch(client, second) == 302
    assert client.get("/units/990001001/").status_code == 200
    assert client.get("/units/990001001001/children/").status_code == 403
    assert sign_in(office.app, "director").get("/units/990001001/").status_code == 404


def test_nobody_acts_in_a_duty_that_is_not_hers_or_is_over(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        ended = _second_duty(session, office, "director", valid_until=date(2025, 6, 30))
        later = _second_duty(session, office, "director", valid_from=date(2025, 7, 1))
        foreign = _second_duty(session, office, "office")
    client = sign_in(office.app, "director")
    for membership in (ended, later, foreign, uuid.uuid4(), "", "not-an-id", "1"):
        assert _switch(client, membership) == 400
    assert client.get("/units/990001001001/").status_code == 200


def test_a_duty_that_ends_while_acting_falls_back_to_the_other(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        second = _second_duty(session, office, "director")
    client = sign_in(office.app, "director")
    _switch(client, second)
    with office.app.app_context(), writing() as session:
        row = session.scalars(select(Membership).where(Membership.public_id == second)).one()
        row.valid_until = date(2025, 6, 30)
    assert client.get("/units/990001001/").status_code == 404
    assert client.get("/units/990001001001/").status_code == 200
