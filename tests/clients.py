"""Signed-in clients: each a browser of its own, through the real login page."""

from __future__ import annotations

import re

import html5lib
from flask import Flask
from flask.testing import FlaskClient

from portal.config import now
from portal.services.accounts.second_factor import code_at, held_credential, step_of, unseal
from portal.services.accounts.sign_in import find_user
from tests.factories.county import PASSWORD, writing


def sign_in(app: Flask, username: str, password: str = PASSWORD) -> FlaskClient:
    """A client that has signed in as `username`. Fails the test if the portal does not let her in."""
    client = app.test_client()
    answer = client.post("/login", data={"username": username, "password": password})
    assert answer.status_code == 302, f"{username} could not sign in: {answer.status_code}"
    if answer.location == "/login/enrol":
        enrol(client)
    if answer.location == "/login/second":
        answer = client.post(answer.location, data={"code": code_of(app, username)})
        assert answer.status_code == 302, f"the code of {username} was refused: {answer.status_code}"
    return client


def enrol(client: FlaskClient) -> tuple[str, list[str]]:
    """Set up an authenticator as the page asks for it: the seed it showed, and the recovery codes."""
    page = client.get("/login/enrol").text
    found = re.search(r'sw-offer-key"><code>([A-Z2-7 ]+)<', page)
    assert found, "the page shows the key for typing"
    seed = found[1].replace(" ", "")
    answer = client.post("/login/enrol", data={"code": code_at(seed, step_of(now()))})
    assert answer.status_code == 200, "the first code was refused"
    return seed, re.findall(r"<li><code>([A-Z0-9-]+)<", answer.text)


def code_of(app: Flask, username: str) -> str:
    """What her authenticator shows: a code that was not used yet, as if she had waited for it."""
    with app.app_context(), writing() as session:
        user = find_user(session, username)
        assert user is not None
        credential = held_credential(session, user.id)
        assert credential.totp_sealed is not None
        here = step_of(now())
        if credential.totp_last_step > here:
            credential.totp_last_step = here - 1
        seed = unseal(credential.totp_sealed, user_id=user.id, county_id=user.county_id)
        return code_at(seed, max(here, credential.totp_last_step + 1))


def fill(page: str, **typed: str) -> tuple[str, dict[str, str]]:
    """What a browser would send of the page's form that has the typed fields: (address, data)."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    for form in document.iter("form"):
        fields = {one.get("name", ""): one.get("value", "") for one in form.iter("input")}
        if set(typed) <= set(fields):
            return form.get("action", ""), fields | typed
    raise AssertionError(f"no form with {', '.join(typed)}")
