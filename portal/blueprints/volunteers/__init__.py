"""Volunteers (志愿者): the roster, checks and promise, training and appraisal, applications, services, certificate.

Service: volunteers.
"""

from flask import Blueprint

bp = Blueprint("volunteers", __name__, template_folder="templates")

from portal.blueprints.volunteers import application_views, service_views, views  # noqa: E402

__all__ = ["application_views", "bp", "service_views", "views"]
