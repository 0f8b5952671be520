"""Home: the landing page of each role, and the two health checks. Services: children, visits, reports."""

from flask import Blueprint

bp = Blueprint("home", __name__, template_folder="templates")

from portal.blueprints.home import views  # noqa: E402

__all__ = ["bp", "views"]
