"""One's own account: two devices at most, idle and absolute ends, password, proof of oneself, kept forms."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.errors import Refused
from portal.models.accounts import LoginSession
from portal.services.accounts.passwords import PROFILES, check, credential_of, policy
from tests.accounts.clock import Clock
from tests.accounts.conftest import Office, user_of
from tests.clients import fill, sign_in
from tests.factories.county import PASSWORD, writing

NEW = "三月春风-Green-Hills-58"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def _is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_a_third_device_ends_the_oldest_which_is_told(office: Office) -> None:
    first, second, third = (sign_in(office.app, "director") for _n in range(3))
    assert [_is_in(client) for client in (second, third)] == [True, True]
    answer = first.get("/account", follow_redirects=True)
    assert "另一台设备" in answer.text


@pytest.mark.parametrize(("username", "minutes"), [("director", 30), ("office", 15)])
def test_a_desk_left_alone_is_signed_out(office: Office, clock: Clock, username: str, minutes: int) -> None:
    client = sign_in(office.app, username)
    clock.pass_(minutes=minutes - 1)
    assert _is_in(client)
    clock.pass_(minutes=minutes - 1)
    assert _is_in(client)
    clock.pass_(minutes=minutes + 2)
    answer = client.get("/account", follow_redirects=True)
    assert "没有操作" in answer.text


def test_being_seen_is_written_once_a_minute(office: Office, clock: Clock) -> None:
    client, seen = sign_in(office.app, "director"), set()
    for _n in range(4):
        clock.pass_(seconds=20)
        client.get("/account")
        with office.app.app_context(), writing() as session:
            seen.add(session.scalars(select(LoginSession.seen_at)).one())
    assert len(seen) == 2


def test_all_other_devices_are_signed_out_at_once(office: Office) -> None:
    here, there = sign_in(office.app, "director"), sign_in(office.app, "director")
    assert here.post("/account/sessions/end").status_code == 302
    assert (_is_in(here), _is_in(there)) == (True, False)


def test_one_device_is_signed_out_and_nobody_elses(office: Office) -> None:
    here, there = sign_in(office.app, "director"), sign_in(office.app, "director")
    stranger = sign_in(office.app, "helper")
    ids = re.findall(r"/account/sessions/([0-9a-f-]{36})/end", here.get("/account/sessions").text)
    assert len(ids) == 1
    assert stranger.post(f"/account/sessions/{ids[0]}/end").status_code == 404
    assert _is_in(there)
    assert here.post(f"/account/sessions/{ids[0]}/end").status_code == 302
    assert not _is_in(there)


def _change(client: FlaskClient, old: str, new: str) -> int:
    data = {"old_password": old, "new_password": new, "again": new}
    return client.post("/account/password", data=data).status_code


def test_a_new_password_ends_the_other_devices_and_the_old_cookie(office: Office) -> None:
    here, there = sign_in(office.app, "director"), sign_in(office.app, "director")
    cookie = here.get_cookie("portal")
    copied = office.app.test_client()
    copied.set_cookie("portal", cookie.value)
    assert _change(here, "wrong", NEW) == 400
    assert _change(here, PASSWORD, NEW) == 302
    assert (_is_in(here), _is_in(there), _is_in(copied)) == (True, False, False)
    assert sign_in(office.app, "director", NEW)
    assert _change(here, NEW, PASSWORD) == 400, "one of the last five"


@pytest.mark.parametrize(
    "weak",
    ["short-A1", "alllowercaseletters", "Password-123", "Director-2025", "1000000003-Ab", "甲东村-Ab1234"],
)
def test_a_weak_password_is_refused_beside_its_field(office: Office, weak: str) -> None:
    assert _change(sign_in(office.app, "director"), PASSWORD, weak) == 400


def test_the_other_profile_asks_for_length_and_never_for_a_change() -> None:
    try:
        policy.init("asvs")
        check("四月里的雨下在瓦片上很轻很轻")
        with pytest.raises(Refused):
            check("Ab1-xyzQw9")
        assert PROFILES["asvs"].lifetime is None
    finally:
        policy.init("dengbao3")


def test_an_old_password_is_changed_before_anything_else(office: Office, clock: Clock) -> None:
    clock.pass_(days=181)
    client = sign_in(office.app, "director")
    assert client.get("/").location == "/account/password"
    assert client.get("/units/990001001001/children/").location == "/account/password"
    assert _change(client, PASSWORD, NEW) == 302
    assert client.get("/").status_code == 200


def test_a_password_somebody_else_knew_is_changed_first(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        credential_of(session, user_of(session, "director").id).must_change = True
    assert sign_in(office.app, "director").get("/").location == "/account/password"


# ---- proving who one is ---------------------------------------------------------------------------


def test_a_sensitive_act_asks_again_and_goes_on_as_typed(office: Office, clock: Clock) -> None:
    client = sign_in(office.app, "office")
    clock.pass_(minutes=6)
    asked = client.post("/account/recovery", data={"kept": "what I typed"})
    assert asked.status_code == 400
    assert 'value="what I typed"' in asked.text
    address, data = fill(asked.text, confirm_with="wrong")
    assert client.post(address, data=data).status_code == 400
    address, data = fill(asked.text, confirm_with=PASSWORD)
    assert data["kept"] == "what I typed"
    done = client.post(address, data=data)
    assert done.status_code == 200
    assert "sw-recovery" in done.text
    assert client.post("/account/recovery").status_code == 200, "it holds for five minutes"


def test_nobody_guesses_the_password_at_the_proof(office: Office, clock: Clock) -> None:
    client = sign_in(office.app, "director")
    for _n in range(6):
        client.post("/account/confirm", data={"confirm_with": "wrong"})
    assert client.post("/account/confirm", data={"confirm_with": PASSWORD}).status_code == 400


# ---- what was typed -------------------------------------------------------------------------------


def test_nothing_is_kept_of_a_stranger(office: Office) -> None:
    client = office.app.test_client()
    assert client.post("/visits/new", data={"note": "x"}).location == "/login"
    assert sign_in(office.app, "director").get("/login/resume").location == "/"


# ---- by phone -------------------------------------------------------------------------------------


def test_a_phone_number_opens_the_account_it_belongs_to_alone(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        user_of(session, "director").person.phone = "138-0013-8000"
    for typed in ("13800138000", "138 0013 8000", "+86 138-0013-8000"):
        data = {"username": typed, "password": PASSWORD}
        assert office.app.test_client().post("/login", data=data).status_code == 302
    data = {"username": "100-0000-0003", "password": PASSWORD}  # several accounts share it
    assert office.app.test_client().post("/login", data=data).status_code == 400


# ---- cookies --------------------------------------------------------------------------------------


def test_on_https_the_cookie_is_bound_to_the_host(office: Office) -> None:
    data = {"username": "director", "password": PASSWORD}
    client = office.app.test_client()
    header = client.post("/login", data=data, base_url="https://portal.example").headers["Set-Cookie"]
    assert header.startswith("__Host-portal=")
    assert "Secure" in header
    assert "Path=/" in header
    assert "Domain" not in header
    assert client.get("/account", base_url="https://portal.example").status_code == 200


def test_forwarded_headers_of_strangers_are_not_believed(office: Office) -> None:
    answer = office.app.test_client().get("/login", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in answer.headers
