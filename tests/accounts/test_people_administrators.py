"""`flask admins invite`: the three administrators of a fresh county, by codes and without any password."""

from __future__ import annotations

from flask import Flask

from portal.extensions import db
from portal.services.people import codes, grants
from portal.tenancy.roles import ADMINISTRATORS, Role
from portal.tenancy.units import Unit
from tests.accounts.people import GOOD, Bureau, build_bureau, let_in, post_of, user_named
from tests.acting import acting
from tests.clients import sign_in
from tests.commands import run, run_json
from tests.factories.county import build_county, writing


def test_a_fresh_county_gets_three_and_from_them_its_first_office(app: Flask) -> None:
    """From an empty county to the committee office at work: nobody had a password before she chose it."""
    with app.app_context(), writing() as session:
        county = build_county(session).county
    made = run_json(app, "admins", "invite", county.code)
    assert [one["role"] for one in made] == [role.value for role in ADMINISTRATORS]
    with app.app_context():
        for one in made:
            assert codes.activate(one["code"], GOOD) == one["login"]
    with acting(app, made[1]["login"]) as security:
        invited = let_in(security, county, Role.COMMITTEE_OFFICE)
        username, code = invited.user.username, invited.code.text
        db.session.commit()
    with acting(app, made[0]["login"]) as system:
        grants.confirm(post_of(username), actor=system)
        db.session.commit()
    with app.app_context():
        codes.activate(code, GOOD)
    office = sign_in(app, username, GOOD)
    assert office.get(f"/units/{county.code}/people/").status_code == 200


def test_a_second_call_prints_nothing_and_renew_prints_new_codes(sqlite_app: Flask) -> None:
    bureau: Bureau = build_bureau(sqlite_app)
    code = bureau.near.county.code
    assert run(sqlite_app, "admins", "invite", code).exit_code == 1
    renewed = run_json(sqlite_app, "admins", "invite", code, "--renew")
    assert {one["login"] for one in renewed} == {"system_admin", "security_admin", "audit_admin"}
    with acting(sqlite_app, "committee_office"):
        assert user_named("system_admin").awaits_code


def test_there_is_no_such_county(sqlite_app: Flask) -> None:
    bureau = build_bureau(sqlite_app)
    assert run(sqlite_app, "admins", "invite", "000000").exit_code == 1
    with sqlite_app.app_context():
        assert db.session.get(Unit, bureau.near.town_a.id) is None
    assert run(sqlite_app, "admins", "invite", bureau.near.town_a.code).exit_code == 1
