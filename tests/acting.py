"""Acting as somebody without the browser: an app context whose session has that actor's scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from portal.extensions import db
from portal.services.accounts import actors
from portal.tenancy.actor import Actor
from portal.tenancy.scope import enter


@contextmanager
def acting(app: Flask, username: str) -> Iterator[Actor]:
    """Everything inside happens as `username`, behind the wall; nothing is committed by itself."""
    with app.app_context():
        actor = actors.actor_of_login(username)
        enter(db.session(), actor.scope)
        yield actor
        db.session.expunge_all()
        db.session.rollback()
