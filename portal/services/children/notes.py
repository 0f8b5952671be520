"""Sensitive notes of a child: what the roster says of her health and what those around her write, sealed.

A note begins and ends by day; nothing is overwritten. Its kind stands in no audit line: the log is read by
people who may not know what a note is about.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm.attributes import set_committed_value

from portal.config import today
from portal.errors import NotFound, PermissionDenied
from portal.extensions import db
from portal.models.children import Child, ChildNote
from portal.services import audit
from portal.services.children.owning import own
from portal.services.children.wording import refuse_labels
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.tenancy.scoped import STAMPS
from portal.terms import NoteKind

WELL = frozenset({"健康", "良好", "正常"})
"""Words of the 健康状况 column that say there is nothing to note."""


def live_notes(child: Child) -> Sequence[ChildNote]:
    """The notes that hold today, the earliest first; their words stay sealed."""
    day = today()
    return sorted((one for one in child.notes if one.since <= day < one.until), key=lambda one: one.id)


def write_note(
    child: Child, *, actor: Actor, kind: NoteKind, summary: str, how_to_help: str = "", text: str = ""
) -> ChildNote:
    """Add a note about a child of one's own unit, from today on.

    Raises NotFound for a child of another unit, Refused where a word labels the child instead of telling.
    """
    actor.require(Permission.CHILD_NOTE_EDIT)
    own(child, actor)
    refuse_labels(summary=summary, how_to_help=how_to_help, text=text)
    key = {stamp: getattr(child, stamp) for stamp in STAMPS}
    note = ChildNote(child_id=child.id, **key, kind=kind, since=today(), until=FOREVER)
    note.author_id, note.author_role = actor.person_id, actor.role
    set_committed_value(note, "child", child)  # appending to her notes would count as changing her file
    db.session.add(note)
    note.summary, note.how_to_help, note.text = summary, how_to_help, text
    db.session.flush()
    audit.record(actor, "children:note:write", child=child, subject=f"note:{note.public_id}")
    return note


def may_end(note: ChildNote, *, actor: Actor) -> bool:
    """Whether the reader may end a note: a class teacher her own, a keeper of the file those of her side."""
    if not actor.can(Permission.CHILD_NOTE_EDIT):
        return False
    if actor.role is Role.CLASS_TEACHER:
        return note.author_id == actor.person_id
    village = actor.role is Role.CHILD_DIRECTOR
    return note.author_role is None or (note.author_role is Role.CHILD_DIRECTOR) is village


def end_note(child: Child, note_id: uuid.UUID, *, actor: Actor) -> None:
    """Let a note end today: it stays sealed on file and is shown no more.

    Raises NotFound where the child has no such note that holds, PermissionDenied where it is another's.
    """
    actor.require(Permission.CHILD_NOTE_EDIT)
    own(child, actor)
    note = next((one for one in live_notes(child) if one.public_id == note_id), None)
    if note is None:
        raise NotFound("note")
    if not may_end(note, actor=actor):
        raise PermissionDenied("a note is ended by its writer, or by who keeps the file on her side")
    note.until = max(today(), note.since)
    db.session.flush()
    audit.record(actor, "children:note:end", child=child, subject=f"note:{note.public_id}")


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
