"""Views of the patterns room."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.patterns import bp
from portal.web.guards import public


@bp.get("/patterns/")
@public("components without data, for those who build pages")
def index() -> str:
    return render_template("patterns/index.html")
