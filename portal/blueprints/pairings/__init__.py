"""Pairings (结对帮扶): a unit's pairings, pairing a volunteer with a child, ending it. Service: pairings."""

from flask import Blueprint

bp = Blueprint("pairings", __name__, template_folder="templates")

from portal.blueprints.pairings import views  # noqa: E402

__all__ = ["bp", "views"]
