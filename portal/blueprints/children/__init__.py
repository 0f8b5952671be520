"""Children: a unit's list, one child's file as far as the reader may see it, sensitive notes, care and
priority, cards, consents and papers, the census, and the masked list behind a figure. Service: children."""

from flask import Blueprint

bp = Blueprint("children", __name__, template_folder="templates")

from portal.blueprints.children import (  # noqa: E402
    archive_views,
    card_views,
    care_views,
    census_views,
    class_views,
    file_views,
    keeping_views,
    masked_views,
    match_views,
    note_views,
    opening_views,
    paper_views,
    priority_views,
    proposal_views,
    status_views,
    transfer_views,
    views,
)

__all__ = [
    "archive_views",
    "bp",
    "card_views",
    "care_views",
    "census_views",
    "class_views",
    "file_views",
    "keeping_views",
    "masked_views",
    "match_views",
    "note_views",
    "opening_views",
    "paper_views",
    "priority_views",
    "proposal_views",
    "status_views",
    "transfer_views",
    "views",
]  # fmt: skip
