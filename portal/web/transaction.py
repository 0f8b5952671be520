"""One commit per request, at the edge: an unsafe request that succeeded commits, everything else rolls
back. A deadlock (PostgreSQL) or a busy file (SQLite) is tried again, three times in all."""

from __future__ import annotations

from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError

from portal.extensions import db
from portal.web.sign_in import SAFE

TRIES = 3
_DEADLOCK = {"40P01", "40001"}


def is_transient(error: OperationalError) -> bool:
    """Whether the same work may well succeed if it is simply done again."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _DEADLOCK or "database is locked" in str(error.orig)


class PortalFlask(Flask):
    """Flask whose dispatch is one unit of work."""

    def dispatch_request(self) -> Response:  # type: ignore[override]
        for attempt in range(1, TRIES + 1):
            try:
                response = self.make_response(super().dispatch_request())
                self._finish(response)
                return response
            except OperationalError as error:
                db.session.rollback()
                if attempt == TRIES or not is_transient(error):
                    raise
        raise AssertionError("the loop returns or raises")

    @staticmethod
    def _finish(response: Response) -> None:
        if request.method not in SAFE and response.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
