"""Views of the home room."""

from __future__ import annotations

from typing import Any

from flask import current_app, jsonify, redirect, render_template
from werkzeug.wrappers import Response

from portal.blueprints.home import bp
from portal.services import home
from portal.tenancy.permissions import Permission
from portal.web.database import newest_revision
from portal.web.guards import public, requires
from portal.web.searching import address_of_search
from portal.web.sign_in import current_actor


@bp.get("/")
@requires(Permission.HOME_PAGE_READ)
def index() -> str:
    actor = current_actor()
    if actor.is_volunteer:
        return render_template("home/volunteer.html", cards=home.volunteer_cards(actor))
    return render_template("home/today.html", page=home.today_of(actor), role=actor.role.value)


@bp.post("/search")
@requires(Permission.HOME_PAGE_READ)
def search() -> Response:
    """A search of any list: on to the list, with the name covered in its address."""
    return redirect(address_of_search())


@bp.get("/healthz")
@public("the watchdog asks without an account")
def healthz() -> Response:
    return jsonify(status="ok")


@bp.get("/healthz/ready")
@public("the watchdog asks without an account")
def ready() -> tuple[Any, int]:
    settings = current_app.config["SETTINGS"]
    state = home.readiness(redis_url=settings.REDIS_URL, expected_revision=newest_revision())
    return jsonify(state), 200 if state["ready"] else 503
