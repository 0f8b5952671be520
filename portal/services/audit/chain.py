"""The chain: lines are numbered and hashed just before the commit, one chain per county.

Link n is HMAC(county's key, canonical text of line n with the hash of link n-1). The canonical text is
the JSON of `_written`, keys sorted, no blanks, UTF-8. The key never lies in the database, so nobody who
only has the database can write a link. The head of the chain is locked as the last thing before the
commit: the lock is short, a rollback leaves no gap, and writers of different counties never meet.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction

from portal.config import now
from portal.errors import Unaudited
from portal.models.audit import AuditEntry, AuditHead, FileLook
from portal.models.jobs import Job
from portal.tenancy.keys import keyring
from portal.tenancy.scope import Level, current
from portal.tenancy.scoped import Secret, Walled
from portal.tenancy.units import Unit

PENDING = "portal.audit.pending"
READS = "portal.audit.reads"
_CHANGED = "portal.audit.changed"

SILENT = (AuditEntry, FileLook, Job)
"""Rows that need no line of their own: the audit itself, and the queue's book-keeping."""


def link(entry: AuditEntry, before: str) -> str:
    """The hash of a line that follows the link `before`."""
    return keyring.mac(_canonical(entry, before), county_id=entry.county_id, purpose="audit")


def _canonical(entry: AuditEntry, before: str) -> bytes:
    return json.dumps(
        _written(entry) | {"before": before}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _written(entry: AuditEntry) -> dict[str, Any]:
    """Every column but the hash."""
    return {
        "action": entry.action,
        "at": entry.at.isoformat(),
        "chain": entry.county_id,
        "details": entry.details,
        "from_unit": entry.from_unit_id,
        "person": entry.person_id,
        "role": entry.role.value if entry.role else None,
        "seq": entry.seq,
        "subject": entry.subject,
        "township": entry.township_id,
        "unit": entry.unit_id,
        "user": entry.user_id,
    }


def add(session: Session, entry: AuditEntry) -> None:
    """Keep a line until the commit. The transaction begins here at the latest, so that it can be undone."""
    if not session.in_transaction():
        session.begin()
    kept: list[tuple[AuditEntry, Any]] = session.info.setdefault(PENDING, [])
    kept.append((entry, session.get_nested_transaction()))


def pending(session: Session) -> list[AuditEntry]:
    """The lines that the next commit will write."""
    return [entry for entry, _within in session.info.get(PENDING, [])]


@event.listens_for(Session, "before_flush")
def _note_changes(session: Session, context: Any, instances: Any) -> None:
    """Remember what a scoped session changes. System sessions answer for themselves."""
    scope = current(session)
    if scope is None or scope.level is Level.SYSTEM:
        return
    changed = (row for row in session.dirty if session.is_modified(row))
    names = {
        type(row).__name__
        for row in (*session.new, *changed, *session.deleted)
        if isinstance(row, (Walled, Unit, Secret)) and not isinstance(row, SILENT)
    }
    within = session.get_nested_transaction()
    session.info.setdefault(_CHANGED, []).extend((name, within) for name in names)


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    """Number and hash the lines of this transaction; refuse one that changed rows and says nothing.

    Raises Unaudited.
    """
    if session.in_nested_transaction():
        return
    session.flush()
    lines = session.info.pop(PENDING, [])
    changed = {name for name, _within in session.info.pop(_CHANGED, [])}
    if changed and not lines:
        raise Unaudited(f"changed {', '.join(sorted(changed))} without audit.record in the transaction")
    chains: dict[int, list[AuditEntry]] = defaultdict(list)
    for entry, _within in lines:
        chains[entry.county_id].append(entry)
    for number in sorted(chains):
        _append(session, number, chains[number])
    session.flush()


def _append(session: Session, number: int, entries: list[AuditEntry]) -> None:
    head = session.get_one(AuditHead, number, with_for_update=True, populate_existing=True)
    head.at = max(now(), head.at) if head.at else now()
    for entry in entries:
        head.seq += 1
        entry.seq, entry.at = head.seq, head.at
        entry.hash = head.hash = link(entry, head.hash)
    session.add_all(entries)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    """What was rolled back was not done: its lines go with it."""
    if undone.nested:
        for key in (PENDING, _CHANGED):
            kept = session.info.get(key, [])
            session.info[key] = [one for one in kept if not _lies_within(one[1], undone)]
    elif undone.parent is None:
        for key in (PENDING, READS, _CHANGED):
            session.info.pop(key, None)


def _lies_within(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while transaction is not None:
        if transaction is outer:
            return True
        transaction = transaction.parent
    return False
