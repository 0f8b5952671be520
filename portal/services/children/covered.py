"""Covered fields of a child's file: what a reader sees of them, lifting a cover for one page view, comparing
an ID number with paper, and calling the guardian. Who sees what is `portal.tenancy.masks`."""

from __future__ import annotations

import hmac
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.config import now
from portal.errors import NotFound, PermissionDenied, Refused, SealBroken
from portal.extensions import db
from portal.models.audit import FileLook
from portal.models.children import Child, ChildNote, Guardianship
from portal.services import audit
from portal.services.children.listing import guardians_of
from portal.services.children.notes import live_notes, may_end
from portal.tenancy.actor import Actor
from portal.tenancy.keys import keyring
from portal.tenancy.masks import Mask, mask_of, masked_phone, unnamed, village_group
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.terms import FileField, NoteKind, RevealReason

COMPARE = "children:number:compare"
COMPARISONS = 10
"""Numbers a person may compare in an hour: enough for a class, too few to find a number by trying."""
SHORTEST_REASON = 4

_BROKEN = _l("This entry does not open: it was changed outside the portal, or its key is missing. Tell the "
             "system administrator.")  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A field as this reader sees it: its words, and whether she may lift a cover from it."""

    field: FileField
    text: str = ""
    may_lift: bool = False
    needs_words: bool = False


@dataclass(frozen=True)
class ShownNote:
    """A sensitive note as this reader sees it; what she does not see is empty."""

    public_id: uuid.UUID
    kind: NoteKind
    since: date
    author: Role | None
    """As what it was written; none where a roster says it."""
    mine: bool
    may_end: bool
    summary: str = ""
    how_to_help: str = ""
    text: str = ""


_PARTS: dict[FileField, Callable[[str], str]] = {
    FileField.GUARDIAN_PHONE: masked_phone,
    FileField.ADDRESS: village_group,
}


def show_field(field: FileField, words: str, *, actor: Actor, lifted: FileField | None = None) -> Shown:
    """Phone or address for a reader, with its cover unless she has just lifted it."""
    mask = mask_of(actor.role, field)
    if not words or mask is Mask.CLEAR or lifted is field:
        return Shown(field, words)
    if mask is Mask.PART:
        return Shown(field, _PARTS[field](words))
    may_lift = mask in (Mask.COVERED, Mask.REASON) and actor.can(Permission.CHILD_FIELD_REVEAL)
    covered = masked_phone(words) if field is FileField.GUARDIAN_PHONE and mask is Mask.COVERED else "＊＊＊"
    return Shown(field, covered, may_lift, mask is Mask.REASON)


_PHONES = frozenset({"phone", "phone_1", "phone_2", "work_unit_phone"})


def hidden_fields(actor: Actor) -> frozenset[str]:
    """The fields of the file’s forms that stay empty for a reader for whom they are covered."""
    phones = _PHONES if mask_of(actor.role, FileField.GUARDIAN_PHONE) is not Mask.CLEAR else frozenset()
    return phones | ({"address"} if mask_of(actor.role, FileField.ADDRESS) is not Mask.CLEAR else set())


def show_notes(child: Child, *, actor: Actor, lifted: FileField | None = None) -> list[ShownNote]:
    """The live notes: nothing, their kind, summary and how to help, or every word. What one wrote oneself
    one may read again.

    Raises Refused where one does not open.
    """
    mask = mask_of(actor.role, FileField.NOTE)
    if mask is Mask.NEVER:
        return []
    whole = mask is Mask.CLEAR or lifted is FileField.NOTE
    try:
        return [_shown_note(note, actor, mask, whole) for note in live_notes(child)]
    except SealBroken:
        raise Refused(_BROKEN) from None


def _shown_note(note: ChildNote, actor: Actor, mask: Mask, whole: bool) -> ShownNote:
    mine = note.author_id is not None and note.author_id == actor.person_id
    part = whole or mine or mask is Mask.PART
    return ShownNote(
        public_id=note.public_id,
        kind=note.kind,
        since=note.since,
        author=note.author_role,
        mine=mine,
        may_end=may_end(note, actor=actor),
        summary=(note.summary or "") if part else "",
        how_to_help=(note.how_to_help or "") if part else "",
        text=(note.text or "") if whole or mine else "",
    )


def may_lift_notes(actor: Actor) -> bool:
    """Whether the reader may ask for the words of the notes."""
    can = actor.can(Permission.CHILD_FIELD_REVEAL)
    return can and mask_of(actor.role, FileField.NOTE) in (Mask.COVERED, Mask.REASON)


def lift(child: Child, field: FileField, *, actor: Actor, reason: RevealReason, words: str) -> None:
    """Write down that a cover is lifted for one page view, and why. The caller then shows the field.

    Raises PermissionDenied where the reader may never see it, Refused where a reason in words is missing.
    Who asks proved who she is within the last minutes: the view sees to it (portal/web/confirm).
    """
    actor.require(Permission.CHILD_FIELD_REVEAL)
    mask = mask_of(actor.role, field)
    if mask is Mask.CLEAR:
        return
    if mask not in (Mask.COVERED, Mask.REASON):
        raise PermissionDenied(f"{actor.role.value} never sees {field.value}")
    if mask is Mask.REASON and len(words.strip()) < SHORTEST_REASON:
        raise Refused(_l("Write in a few words what you need it for."), field="words")
    audit.read(
        actor, "children:field:reveal", child=child, reason=unnamed(words.strip(), child.name),
        details={"field": field.value, "purpose": reason.value}, each=True,
    )  # fmt: skip


def compare_number(child: Child, typed: str, *, actor: Actor) -> bool:
    """Whether the number on paper is the one on file; the number itself is shown to nobody.

    Raises Refused for something that is no number, a child without one, or too many tries in an hour.
    """
    actor.require(Permission.CHILD_NUMBER_COMPARE)
    if mask_of(actor.role, FileField.ID_NUMBER) is not Mask.COMPARED:
        raise PermissionDenied(f"{actor.role.value} does not compare numbers")
    number = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if len(number) != 18 or not number.isalnum() or not number.isascii():
        raise Refused(_l("Write all 18 signs of the number, as they stand on the paper."), field="number")
    if child.id_no_index is None:
        raise Refused(_l("No ID number is on file for this child yet."), field="number")
    recent = select(func.count()).select_from(FileLook).where(
        FileLook.person_id == actor.person_id, FileLook.action == COMPARE,
        FileLook.at > now() - timedelta(hours=1),
    )  # fmt: skip
    if (db.session.scalar(recent) or 0) >= COMPARISONS:
        raise Refused(
            _l("You have compared %(n)s numbers within an hour; go on later.", n=COMPARISONS), field="number"
        )
    same = hmac.compare_digest(keyring.index(number, county_id=child.county_id), child.id_no_index)
    audit.read(actor, COMPARE, child=child, details={"same": same}, each=True)
    return same


def number_to_call(child: Child, *, actor: Actor) -> str:
    """The digits of the guardian's phone, for one tap and no approval; the call is written down.

    Raises NotFound where there is none.
    """
    actor.require(Permission.CHILD_FILE_READ)
    guardian: Guardianship | None = guardians_of([child.id]).get(child.id)
    digits = "".join(sign for sign in (guardian.phone if guardian else "") if sign.isdigit() or sign == "+")
    if not digits or mask_of(actor.role, FileField.GUARDIAN_PHONE) is Mask.NEVER:
        raise NotFound("guardian's phone")
    audit.read(actor, "children:guardian:call", child=child)
    return digits
