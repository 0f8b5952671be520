"""Children: a unit's list, and one child's file as far as the reader may see it. Service: children."""

from flask import Blueprint

bp = Blueprint("children", __name__, template_folder="templates")

from portal.blueprints.children import views  # noqa: E402

__all__ = ["bp", "views"]
