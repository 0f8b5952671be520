"""What is erased of a file whose time is over, table by table: names, numbers, places, and words about a person.

What was counted stays: days, kinds, levels, where it happened. A test asks that every text column of every
table about a child is either erased here or named as kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect

ERASED_NAME = "＊"
BLANKS: Mapping[str, tuple[str, ...]] = {
    "child": (
        "name", "name_key", "id_no_sealed", "id_no_index", "ethnicity", "hukou_place", "phone", "health_sealed",
        "address", "household_no", "class_name", "hobbies", "character", "study_note", "remark",
    ),
    "parent": ("name", "phone", "id_no_sealed", "work_unit", "work_unit_phone"),
    "absence": ("work_place", "work_address"),
    "guardianship": ("name", "relation", "phone", "id_no_sealed", "occupation", "address"),
    "guardian_assessment": ("grounds",),
    "care_agreement": ("end_reason",),
    "alarm_step": ("note",),
    "priority_review": ("note",),
    "care_plan": ("goals_sealed", "outcome_note_sealed"),
    "plan_step": ("words_sealed",),
    "child_event": ("note",),
    "consent": ("giver_name", "verified", "for_whom"),
    "contact_card": ("digest",),
    "paper": ("title", "content_sealed", "digest", "void_reason"),
    "pairing": ("note", "end_note", "goals", "times", "content", "beyond"),
    "pairing_proposal": ("note", "answer", "goals", "times", "content", "beyond"),
    "pairing_review": ("effect",),
    "peer_buddy": ("buddy_name", "task"),
    "visit": ("note", "void_reason"),
    "transfer": ("name", "class_name", "note", "answer"),
    "census_line": ("note",),
    "file_match": ("moved",),
}  # fmt: skip
"""Table → columns that are emptied."""

REMOVED = frozenset({"child_note", "child_copy", "data_request", "emergency_contact", "proposal"})
"""Tables whose rows say nothing but who she was and what was wrong: they go."""

KEPT: Mapping[str, frozenset[str]] = {
    "child": frozenset({"case_no"}),
    "guardianship": frozenset({"guardian_group"}),
    "consent": frozenset({"text_version"}),
    "contact_card": frozenset({"period"}),
    "paper": frozenset({"media_type"}),
    "transfer": frozenset({"case_no"}),
    "visit": frozenset({"met_list", "topic_list"}),
    "file_look": frozenset({"action", "details"}),
}
"""Text that says nothing of a person: numbers of cases, words of lists, marks."""


def blank(row: Any, columns: tuple[str, ...]) -> int:
    """Empty the columns of a row; 1 if there was anything in them."""
    mapper = inspect(type(row))
    changed = False
    for name in columns:
        column = row.__table__.columns[name]
        key = mapper.get_property_by_column(column).key
        empty = None if column.nullable else (ERASED_NAME if name in ("name", "name_key") else "")
        if getattr(row, key) not in (None, "", empty):
            setattr(row, key, empty)
            changed = True
    return int(changed)
