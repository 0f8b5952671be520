"""Signed-in clients: each a browser of its own, through the real login page."""

from __future__ import annotations

import html5lib
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.county import PASSWORD


def sign_in(app: Flask, username: str, password: str = PASSWORD) -> FlaskClient:
    """A client that has signed in as `username`. Fails the test if the portal does not let her in."""
    client = app.test_client()
    answer = client.post("/login", data={"username": username, "password": password})
    assert answer.status_code == 302, f"{username} could not sign in: {answer.status_code}"
    return client


def fill(page: str, **typed: str) -> tuple[str, dict[str, str]]:
    """What a browser would send of the page's form that has the typed fields: (address, data)."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    for form in document.iter("form"):
        fields = {one.get("name", ""): one.get("value", "") for one in form.iter("input")}
        if set(typed) <= set(fields):
            return form.get("action", ""), fields | typed
    raise AssertionError(f"no form with {', '.join(typed)}")
