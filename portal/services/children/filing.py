"""Completeness of a file (建档): what the minimum set still lacks, and how far the file is (domain C-01)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.config import today
from portal.models.children import Child, Guardianship
from portal.services.children.standing import add_months
from portal.terms import FiledState, GuardianKind

TERM = 6
"""Months after which the file has to be looked at again."""


def _guardian(child: Child) -> Guardianship | None:
    day = today()
    return next((one for one in child.guardianships if one.since <= day < one.until), None)


def _has_guardian(child: Child) -> bool:
    held = _guardian(child)
    return held is not None and (held.kind is GuardianKind.NONE or bool(held.name))


def _has_phone(child: Child) -> bool:
    held = _guardian(child)
    return held is not None and (held.kind is GuardianKind.NONE or bool(held.phone))


MINIMUM: tuple[tuple[LazyString, Callable[[Child], bool]], ...] = (
    (_l("name"), lambda child: bool(child.name)),
    (_l("ID number"), lambda child: child.id_no_index is not None),
    (_l("village or school"), lambda child: bool(child.village_id or child.school_id)),
    (_l("names of the parents"), lambda child: any(parent.name for parent in child.parents)),
    (_l("since when the parents are away"), lambda child: bool(child.absences)),
    (_l("guardian"), _has_guardian),
    (_l("the guardian’s phone"), _has_phone),
    (_l("somebody to call in an emergency"), lambda child: bool(child.emergency_contacts)),
)
"""The minimum set, in the order in which a person would ask for it."""


def missing(child: Child) -> list[LazyString]:
    """What the minimum set still lacks."""
    return [label for label, holds in MINIMUM if not holds(child)]


def is_verified(child: Child, day: date | None = None) -> bool:
    """Whether somebody has looked the whole file through within the last term."""
    seen = child.verified_on
    return seen is not None and add_months(seen, TERM) > (day or today())


def state_of(child: Child) -> FiledState:
    """How far the file is."""
    if missing(child):
        return FiledState.INCOMPLETE
    return FiledState.FILED if is_verified(child) else FiledState.TO_VERIFY


def refresh(child: Child) -> None:
    """Keep `is_complete` in line with the facts. The caller flushes."""
    complete = not missing(child)
    if child.is_complete is not complete:
        child.is_complete = complete
