"""Leadership (领导小组): groups and posts, the liaison network, meetings, work plans. Service: leadership."""

from flask import Blueprint

bp = Blueprint("leadership", __name__, template_folder="templates")

from portal.blueprints.leadership import meeting_views, plan_views, views  # noqa: E402

__all__ = ["bp", "meeting_views", "plan_views", "views"]
