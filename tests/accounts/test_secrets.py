"""What accounts prove themselves with: hashes only, and read by nobody but the portal itself."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.errors import ScopeError
from portal.extensions import db
from portal.models.accounts import Credential, LoginSession, User
from portal.services.accounts.passwords import credential_of
from tests.accounts.conftest import Office, user_of
from tests.acting import acting
from tests.clients import sign_in
from tests.factories.county import PASSWORD, writing


@pytest.mark.parametrize("username", ["office", "director", "helper"])
def test_nobody_on_duty_reads_what_accounts_prove_themselves_with(office: Office, username: str) -> None:
    sign_in(office.app, username)
    with office.app.app_context(), writing() as session:
        assert session.scalar(select(func.count()).select_from(Credential)) == 3
    with acting(office.app, username):
        assert db.session.scalars(select(Credential)).all() == []
        assert db.session.scalars(select(LoginSession)).all() == []


def test_a_clerk_adds_a_credential_and_changes_none(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        held = credential_of(session, user_of(session, "director").id)
    with acting(office.app, "office"):
        held.password_hash = None
        db.session.add(held)
        with pytest.raises(ScopeError):
            db.session.flush()


def test_an_account_lies_in_the_county_of_its_person(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        assert {user.county_id for user in session.scalars(select(User))} == {office.place.county.id}


def test_a_password_is_kept_as_a_slow_hash_only(office: Office) -> None:
    with office.app.app_context(), writing() as session:
        for credential in session.scalars(select(Credential)):
            assert credential.password_hash.startswith("$argon2id$")
            assert PASSWORD not in credential.password_hash
