"""Units: a place of the tree, what lies below it and who answers there. Service: units."""

from flask import Blueprint

bp = Blueprint("units", __name__, template_folder="templates")

from portal.blueprints.units import views  # noqa: E402

__all__ = ["bp", "views"]
