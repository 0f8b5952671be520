"""Accounts: signing in, acting roles, permissions, and people: who lets whom in. Services: accounts, people."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, template_folder="templates")

from portal.blueprints.accounts import own_views, people_views, permission_views, views  # noqa: E402

__all__ = ["bp", "own_views", "people_views", "permission_views", "views"]
