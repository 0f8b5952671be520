"""Reports: the roll-up by township, village and school, as a page and as JSON. Service: reports."""

from flask import Blueprint

bp = Blueprint("reports", __name__, template_folder="templates")

from portal.blueprints.reports import views  # noqa: E402

__all__ = ["bp", "views"]
