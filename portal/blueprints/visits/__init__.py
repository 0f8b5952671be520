"""Visits: the form for every contact with a child, and what one has logged. Service: visits."""

from flask import Blueprint

bp = Blueprint("visits", __name__, template_folder="templates")

from portal.blueprints.visits import views  # noqa: E402

__all__ = ["bp", "views"]
