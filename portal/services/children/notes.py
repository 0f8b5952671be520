"""Sensitive notes of a child: what the roster says of her health, begun and ended by day, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.config import today
from portal.models.children import Child, ChildNote
from portal.tenancy.columns import FOREVER
from portal.terms import NoteKind

WELL = frozenset({"健康", "良好", "正常"})
"""Words of the 健康状况 column that say there is nothing to note."""


def live_notes(child: Child) -> Sequence[ChildNote]:
    """The notes that hold today, the earliest first; their words stay sealed."""
    day = today()
    return sorted((one for one in child.notes if one.since <= day < one.until), key=lambda one: one.id)


def health_differs(child: Child, words: str) -> bool:
    """Whether a roster says something else of her health than the last one; a blank says nothing."""
    held = _from_roster(child)
    if not words:
        return False
    return held is not None if words in WELL else (held is None or held.text != words)


def note_health(child: Child, words: str, *, as_of: date) -> None:
    """Write down what a roster says of her health from its day on; what it said before is ended."""
    if not health_differs(child, words):
        return
    held = _from_roster(child)
    if held is not None:
        held.until = max(as_of, held.since)
    if words not in WELL:
        kind = NoteKind.DISABILITY if "残" in words else NoteKind.HEALTH
        note = ChildNote(kind=kind, from_roster=True, since=as_of, until=FOREVER)
        child.notes.append(note)
        note.text = words


def _from_roster(child: Child) -> ChildNote | None:
    return next((one for one in child.notes if one.from_roster and one.until == FOREVER), None)
