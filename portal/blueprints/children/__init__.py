"""Children: a unit's list, one child's file as far as the reader may see it, sensitive notes, the masked list
behind a figure, and the census. Service: children."""

from flask import Blueprint

bp = Blueprint("children", __name__, template_folder="templates")

from portal.blueprints.children import census_views, masked_views, match_views, note_views, views  # noqa: E402

__all__ = ["bp", "census_views", "masked_views", "match_views", "note_views", "views"]
