"""Units: a place of the tree, what lies below it, its history, and every act that changes it. Service: units."""

from flask import Blueprint

bp = Blueprint("units", __name__, template_folder="templates")

from portal.blueprints.units import tree, views  # noqa: E402

__all__ = ["bp", "tree", "views"]
