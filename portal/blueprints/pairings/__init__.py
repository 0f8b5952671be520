"""Pairings (结对帮扶): a unit's pairings and their gaps, choosing a helper, the second yes, pupils who help.

Service: pairings.
"""

from flask import Blueprint

bp = Blueprint("pairings", __name__, template_folder="templates")

from portal.blueprints.pairings import class_views, lists, proposal_views, views  # noqa: E402

__all__ = ["bp", "class_views", "lists", "proposal_views", "views"]
