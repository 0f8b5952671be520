"""Children: a unit's list, one child's file as far as the reader may see it, sensitive notes, and the masked
list behind a figure. Service: children."""

from flask import Blueprint

bp = Blueprint("children", __name__, template_folder="templates")

from portal.blueprints.children import masked_views, note_views, views  # noqa: E402

__all__ = ["bp", "masked_views", "note_views", "views"]
