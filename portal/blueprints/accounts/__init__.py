"""Accounts: signing in and out, switching the acting role, language and theme. Service: accounts."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, template_folder="templates")

from portal.blueprints.accounts import permission_views, views  # noqa: E402

__all__ = ["bp", "permission_views", "views"]
