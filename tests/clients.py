"""Signed-in clients: each a browser of its own, through the real login page."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.factories.county import PASSWORD


def sign_in(app: Flask, username: str, password: str = PASSWORD) -> FlaskClient:
    """A client that has signed in as `username`. Fails the test if the portal does not let her in."""
    client = app.test_client()
    answer = client.post("/login", data={"username": username, "password": password})
    assert answer.status_code == 302, f"{username} could not sign in: {answer.status_code}"
    return client
