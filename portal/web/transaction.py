"""One commit per request, at the edge: an unsafe request that succeeded commits, everything else rolls
back. The one thing a GET writes is the line of a sensitive read, in a transaction of its own once the
view has answered (services/audit/looking). A deadlock (PostgreSQL) or a busy file (SQLite) is tried
again, three times in all."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request, session
from sqlalchemy.exc import OperationalError

from portal.errors import without_words
from portal.extensions import WRITES, db
from portal.services import audit
from portal.web.sign_in import SAFE

TRIES = 3
_DEADLOCK = {"40P01", "40001"}


def is_transient(error: OperationalError) -> bool:
    """Whether the same work may well succeed if it is simply done again."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _DEADLOCK or "database is locked" in str(error.orig)


class PortalFlask(Flask):
    """Flask whose dispatch is one unit of work, and whose log holds nobody's name."""

    def log_exception(self, exc_info: Any) -> None:
        """Where it happened and of what kind it is; neither the words of the error nor the query string."""
        self.logger.error("%s %s failed\n%s", request.method, request.path, without_words(exc_info[1]))

    def dispatch_request(self) -> Response:  # type: ignore[override]
        said = list(session.get("_flashes", [])) if request.method not in SAFE else None
        for attempt in range(1, TRIES + 1):
            try:
                response = self.make_response(super().dispatch_request())
                self._finish(response)
                return response
            except OperationalError as error:
                db.session.rollback()
                if attempt == TRIES or not is_transient(error):
                    raise
                self._begin_again(said)
        raise AssertionError("the loop returns or raises")

    @staticmethod
    def _begin_again(said: list[Any] | None) -> None:
        """Forget what the failed try left in the request: messages, breadcrumbs, files read to the end."""
        if said is not None and session.get("_flashes", []) != said:
            session["_flashes"] = said
        g.pop("trail", None)
        for _name, files in request.files.lists():
            for file in files:
                file.seek(0)

    @staticmethod
    def _finish(response: Response) -> None:
        if request.method not in SAFE and response.status_code < 400:
            db.session.commit()
            return
        reads = audit.take_reads()
        db.session.rollback()
        if reads and response.status_code < 400:
            writes = WRITES.set(True)
            try:
                audit.write_reads(reads)
                db.session.commit()
            finally:
                WRITES.reset(writes)
