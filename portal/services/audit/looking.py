"""Sensitive reads: opening a child's file, revealing a field, taking a list out.

A GET never writes, except this. Its line is kept while the view works and written by the edge after the
view has answered and before the answer leaves, in a short transaction of its own: reading holds no lock,
and an answer whose line could not be written is not given. In a POST, a job or a command the line
belongs to the transaction at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from portal.config import now
from portal.extensions import WRITES, db
from portal.models.audit import AuditEntry, FileLook
from portal.models.children import Child
from portal.services.audit.chain import READS
from portal.services.audit.recording import record
from portal.tenancy.actor import Actor, Place

AGAIN = timedelta(minutes=10)
"""The same look by the same person within this time is one line."""

BUDGETS = {"hour": (timedelta(hours=1), 60), "day": (timedelta(hours=24), 300)}
"""Files a person opens in such a time without anybody being told (security design, no. 6)."""


@dataclass(frozen=True)
class Read:
    """A read to be written down."""

    actor: Actor
    action: str
    at: Place | None
    subject: str
    details: dict[str, Any] = field(hash=False)
    child_id: int | None
    each: bool


def read(
    actor: Actor,
    action: str,
    *,
    child: Child | None = None,
    at: Place | None = None,
    subject: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
    each: bool = False,
) -> None:
    """Write down a sensitive read, of `child`'s file if one is given, with the reason if one was asked.

    `each` is for what leaves the portal (exports, prints): every one is a line. Otherwise the same look
    within ten minutes is one.
    """
    details = (details or {}) | ({"reason": reason} if reason else {})
    if child is not None:
        subject, details = f"child:{child.public_id}", {"case": child.case_no} | details
    one = Read(actor, action, at, subject, details, child.id if child else None, each)
    if WRITES.get():
        _write(one)
    else:
        db.session().info.setdefault(READS, []).append(one)


def take_reads() -> list[Read]:
    """The reads of this request that wait to be written; they are taken out of the session."""
    found: list[Read] = db.session().info.pop(READS, [])
    return found


def write_reads(reads: list[Read]) -> None:
    """Write them; the edge commits. Only for a GET that has answered, in a transaction of its own."""
    for one in reads:
        _write(one)


def _write(one: Read) -> None:
    child = db.session.get(Child, one.child_id) if one.child_id else None
    if not one.each and _is_noted(one, child):
        return
    record(one.actor, one.action, at=one.at, subject=one.subject, details=one.details)
    if child is not None:
        _watch_budget(one.actor)
        _look(one, child)


def _is_noted(one: Read, child: Child | None) -> bool:
    recent = now() - AGAIN
    person = one.actor.person_id
    found: ColumnElement[bool]
    if child is not None:
        kind: type[FileLook] | type[AuditEntry] = FileLook
        found = FileLook.child_id == child.id
    else:
        kind, found = AuditEntry, AuditEntry.subject == one.subject
    same = select(kind.at).where(found, kind.person_id == person, kind.action == one.action, kind.at > recent)
    return db.session.scalars(same.limit(1)).first() is not None


def _look(one: Read, child: Child) -> None:
    unit = one.actor.unit
    db.session.add(
        FileLook(
            at=now(),
            child=child,
            person_id=one.actor.person_id,
            role=one.actor.role,
            action=one.action,
            details={key: value for key, value in one.details.items() if key != "case"},
            stat_unit_id=unit.id,
            stat_township_id=unit.township_id,
            stat_county_id=unit.county_id,
        )
    )


def _watch_budget(actor: Actor) -> None:
    """Tell the unit's head once a day that somebody opened unusually many files; only the count is told."""
    moment = now()
    longest = moment - BUDGETS["day"][0]
    looks = select(FileLook.at).where(FileLook.person_id == actor.person_id, FileLook.at > longest)
    times = [*db.session.scalars(looks.order_by(FileLook.at)), moment]
    for word, (span, files) in BUDGETS.items():
        if _passes(times, span, files) and not _passes(times[:-1], span, files):
            record(actor, "audit:budget:passed", details={"per": word, "files": files})


def _passes(times: list[datetime], span: timedelta, files: int) -> bool:
    return any(last - first <= span for first, last in zip(times, times[files:], strict=False))
