"""Signed-in clients of the demo county, and how many statements a page costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.cli.seed import DEMO_PASSWORD
from portal.extensions import db
from tests.clients import sign_in


def demo_client(app: Flask, username: str) -> FlaskClient:
    """A client signed in as a person of the demo county."""
    return sign_in(app, username, DEMO_PASSWORD)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that reaches the database inside the block, but for the word by which a transaction
    takes its scope on PostgreSQL."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        if not str(arguments[2]).startswith("SET LOCAL ROLE"):
            sent.append(str(arguments[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
