"""Papers: scans and photos in a child’s file. Re-encoded without metadata, typed by content, sealed.

What comes in is read as a picture and written anew, so that neither the place where a photo was taken nor a
hidden script survives; what is no picture is refused. The portal opens a paper only for one reader at a time,
who is checked each time, and hands it out as a file to keep, never as a page.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.config import now
from portal.errors import NotFound, Refused, SealBroken
from portal.extensions import db
from portal.models.children import CareAgreement, Child, ChildEvent, Consent, Paper
from portal.services import audit
from portal.services.apart import TooHeavy, run_apart
from portal.services.children.keeping import consents
from portal.services.children.owning import own
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.scoped import STAMPS
from portal.terms import PaperKind, Purpose

LARGEST = 10 * 1024 * 1024
"""Bytes of a file that comes in."""
SECONDS = 30
NO_PICTURE, TOO_MANY_POINTS = 4, 5
"""Exit statuses of the child."""
JPEG = b"\xff\xd8\xff"
MIMETYPE = "image/jpeg"
_CHILD = Path(__file__).with_name("picture_child.py")
_BELONGS: dict[str, Any] = {"agreement": CareAgreement, "consent": Consent, "event": ChildEvent}


@dataclass(frozen=True)
class Opened:
    """A paper for one reader: its bytes and what to call the file."""

    content: bytes
    media_type: str
    name: str


def list_papers(child: Child, *, actor: Actor) -> Sequence[Paper]:
    """The papers of a child, newest first; photos only while the family agrees to them."""
    actor.require(Permission.CHILD_CARE_READ)
    query = select(Paper).where(Paper.child_id == child.id).order_by(Paper.added_at.desc(), Paper.id.desc())
    rows = db.session.scalars(query.options(joinedload(Paper.person))).all()
    return [one for one in rows if _may_be_shown(child, one.kind)]


def _may_be_shown(child: Child, kind: PaperKind) -> bool:
    return kind is not PaperKind.PHOTO or consents.holds(child, Purpose.PHOTO_INSIDE) is not None


def add_paper(
    child: Child, *, actor: Actor, kind: PaperKind, title: str, data: bytes, belongs_to: str = ""
) -> Paper:
    """Put a picture into the file of a child of one's own unit. `belongs_to` is `agreement:<id>` or the like.

    Raises NotFound for a child of another unit or a row that is not hers; Refused for a photo without the
    family’s consent, and for a file that is too large or is no picture.
    """
    actor.require(Permission.CHILD_PAPER_EDIT)
    own(child, actor)
    if not _may_be_shown(child, kind):
        raise Refused(
            _l("The family has not agreed to photos in the file. Write its consent down first."), field="kind"
        )
    content = rewrite(data)
    key = {stamp: getattr(child, stamp) for stamp in STAMPS}  # the seal asks for the county
    paper = Paper(child_id=child.id, **key, kind=kind, title=title, media_type=MIMETYPE, size=len(content),
                  digest=hashlib.sha256(content).hexdigest(), person_id=actor.person_id,
                  **_link(child, belongs_to))  # fmt: skip
    set_committed_value(paper, "child", child)
    db.session.add(paper)
    paper.content = content
    db.session.flush()
    audit.record(actor, "children:paper:add", child=child, subject=f"paper:{paper.public_id}",
                 details={"kind": kind})  # fmt: skip
    return paper


def list_rows(child: Child, *, actor: Actor) -> list[tuple[str, str]]:
    """What a new paper may prove: the child’s agreements, consents and events, as `belongs_to` and its words."""
    actor.require(Permission.CHILD_PAPER_EDIT)
    found = []
    for name, rows in _BELONGS.items():
        query = select(rows).where(rows.child_id == child.id).order_by(rows.id.desc()).limit(20)
        found += [(f"{name}:{one.public_id}", _words(one)) for one in db.session.scalars(query)]
    return found


def _words(row: CareAgreement | Consent | ChildEvent) -> str:
    if isinstance(row, CareAgreement):
        return f"{PaperKind.CARE_AGREEMENT.label} {row.signed_on.isoformat()}"
    if isinstance(row, Consent):
        return f"{PaperKind.CONSENT.label} {row.purpose.label} {row.given_on.isoformat()}"
    return f"{row.kind.label} {row.happened_on.isoformat()}"


def _link(child: Child, belongs_to: str) -> dict[str, int]:
    """The row of the child a paper proves, as its column. Raises NotFound for any other row."""
    if not belongs_to:
        return {}
    name, _sep, typed = belongs_to.partition(":")
    rows = _BELONGS.get(name)
    try:
        public_id = uuid.UUID(typed)
    except ValueError:
        raise NotFound(name) from None
    found = (
        rows
        and db.session.scalars(
            select(rows).where(rows.child_id == child.id, rows.public_id == public_id)
        ).one_or_none()
    )
    if found is None:
        raise NotFound(name)
    return {f"{name}_id": found.id}


def rewrite(data: bytes) -> bytes:
    """The picture as a JPEG of its points alone, turned upright. Raises Refused for anything else."""
    if len(data) > LARGEST:
        raise Refused(_l("The file is larger than 10 MB. Scan it in grey or at 200 dpi."), field="file")
    try:
        status, written = run_apart(_CHILD, data, seconds=SECONDS)
    except TooHeavy:
        status, written = TOO_MANY_POINTS, b""
    if status == TOO_MANY_POINTS or (status and status != NO_PICTURE):
        raise Refused(_l("The picture has too many points. Make it smaller first."), field="file")
    if not written.startswith(JPEG):
        sentence = _l("This is no picture. Take a photo of the paper, or scan it as JPG or PNG.")
        raise Refused(sentence, field="file")
    return written


def get_paper(child: Child, paper_id: uuid.UUID, *, actor: Actor) -> Paper:
    """A paper of the child that was not voided and may be shown today. Raises NotFound."""
    actor.require(Permission.CHILD_CARE_READ)
    query = select(Paper).where(
        Paper.child_id == child.id, Paper.public_id == paper_id, Paper.voided_at.is_(None)
    )
    found = db.session.scalars(query).one_or_none()
    if found is None or not _may_be_shown(child, found.kind):
        raise NotFound("paper")
    return found


def open_paper(child: Child, paper_id: uuid.UUID, *, actor: Actor) -> Opened:
    """The bytes of a paper for this one reader, now; every opening is written down.

    Raises NotFound as `get_paper`, Refused where the bytes are not those that were put in.
    """
    paper = get_paper(child, paper_id, actor=actor)
    broken = Refused(
        _l("This paper was changed outside the portal and does not open. Tell the system administrator.")
    )
    try:
        content = paper.content or b""
    except SealBroken:
        raise broken from None
    if hashlib.sha256(content).hexdigest() != paper.digest:
        raise broken
    audit.read(actor, "children:paper:read", child=child, details={"kind": paper.kind.value}, each=True)
    return Opened(
        content, paper.media_type, f"{child.case_no}-{paper.kind.label}-{paper.added_at:%Y%m%d}.jpg"
    )


def void_paper(child: Child, paper_id: uuid.UUID, *, actor: Actor, reason: str) -> None:
    """Take a paper out of use; it stays on record, closed. Only its own unit's people may: of the side that added it.

    Raises NotFound, Refused without a reason.
    """
    actor.require(Permission.CHILD_PAPER_EDIT)
    own(child, actor)
    paper = get_paper(child, paper_id, actor=actor)
    if not reason:
        raise Refused(_l("Write why it is taken out of use."), field="reason")
    paper.voided_at, paper.void_reason = now(), reason
    db.session.flush()
    audit.record(actor, "children:paper:void", child=child, subject=f"paper:{paper.public_id}")
