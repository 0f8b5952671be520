"""From named errors to answers: one page per status, the same bytes for foreign and nonexistent."""

from __future__ import annotations

from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from portal.errors import Conflict, NotFound, PermissionDenied, Refused
from portal.extensions import db

PAGES = {400, 403, 404, 405, 409, 413, 500}


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(NotFound, lambda error: answer(404))
    app.register_error_handler(PermissionDenied, lambda error: answer(403))
    app.register_error_handler(Refused, lambda error: answer(400, str(error.message)))
    app.register_error_handler(Conflict, lambda error: answer(409))
    app.register_error_handler(StaleDataError, lambda error: answer(409))
    app.register_error_handler(
        CSRFError, lambda error: answer(400, _("The page was open for too long. Load it again."))
    )
    app.register_error_handler(HTTPException, lambda error: answer(error.code or 500))
    app.register_error_handler(500, lambda error: answer(500))


def answer(status: int, message: str = "") -> tuple[Any, int]:
    """The error page of a status, or its JSON under /api/."""
    db.session.rollback()
    if request.path.startswith("/api/"):
        return jsonify(error=status, message=message), status
    page = status if status in PAGES else (500 if status >= 500 else 400)
    return render_template(f"errors/{page}.html", message=message), status
