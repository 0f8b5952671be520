"""Audit: who did and saw what, in plain words, for the unit's head and the auditor. Service: audit."""

from flask import Blueprint

bp = Blueprint("audit", __name__, template_folder="templates")

from portal.blueprints.audit import views  # noqa: E402

__all__ = ["bp", "views"]
