"""Volunteers (志愿者): the roster, checks and promise, training and appraisal. Service: volunteers."""

from flask import Blueprint

bp = Blueprint("volunteers", __name__, template_folder="templates")

from portal.blueprints.volunteers import views  # noqa: E402

__all__ = ["bp", "views"]
