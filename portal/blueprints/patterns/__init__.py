"""Patterns: every component of the face in every state, for those who build pages."""

from flask import Blueprint

bp = Blueprint("patterns", __name__, template_folder="templates")

from portal.blueprints.patterns import views  # noqa: E402

__all__ = ["bp", "views"]
