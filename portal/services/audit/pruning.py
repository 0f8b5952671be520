"""Keeping: lines of the audit whose time is over go, and the chain still proves the rest.

The chain holds its own checkpoint. First a line is written that names the last old line, its hash and how many
it stands for (`mark`); it is a link like any other, so nobody without the county's key can write one. Only
then do the old lines go (`remove`), as the owner of the tables, and the database lets no other line go. From
there `verify` begins at the hash that the newest such line names: a line more that is missing, a forged
checkpoint or one that was taken away is found as before (docs/adr/0011).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from portal.config import now
from portal.models.audit import PRUNED, AuditEntry
from portal.services.audit.recording import record_system
from portal.tenancy.units import Unit


@dataclass(frozen=True)
class Cut:
    """One chain's checkpoint: lines up to and with `through` may go. `last` is the hash of that line."""

    chain: int
    county: str
    through: int
    last: str
    lines: int
    """How many of them are still there."""


def years_before(day: date, years: int) -> date:
    """The same day so many years ago (29 February: the 28th)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def find_cut(session: Session, chain: int) -> tuple[int, str]:
    """(number, hash) of the last line the newest checkpoint of a chain stands for; (0, "") without one."""
    newest = select(AuditEntry.details).where(AuditEntry.county_id == chain, AuditEntry.action == PRUNED)
    told = session.scalar(newest.order_by(AuditEntry.seq.desc()).limit(1))
    if not told or not isinstance(told.get("through"), int):
        return 0, ""
    return told["through"], str(told.get("last", ""))


def mark(session: Session, chains: Sequence[tuple[int, str]], *, years: int) -> list[Cut]:
    """Write a checkpoint into every chain (number, county code) that holds lines older than `years`.

    For system sessions, on sound chains only; the caller commits, then calls `remove`. A checkpoint that
    an interrupted run has left without removing is taken up again.
    """
    before = datetime.combine(years_before(now().date(), years), time())
    return [cut for chain, code in chains if (cut := _mark(session, chain, code, before))]


def _mark(session: Session, chain: int, code: str, before: datetime) -> Cut | None:
    mine = AuditEntry.county_id == chain
    old = select(func.max(AuditEntry.seq), func.count()).where(mine, AuditEntry.at < before)
    through, lines = session.execute(old).one()
    if not lines:
        return None
    last = session.scalars(select(AuditEntry.hash).where(mine, AuditEntry.seq == through)).one()
    if find_cut(session, chain) != (through, last):
        told = {"through": through, "last": last, "lines": lines, "before": before.date().isoformat()}
        county = session.get_one(Unit, chain) if chain else None
        record_system(session, PRUNED, at=county, details=told)
    return Cut(chain, code, through, last, lines)


def remove(connection: Connection, cuts: Sequence[Cut]) -> int:
    """Delete what the checkpoints stand for, on a connection of the owner; how many lines went."""
    gone = 0
    for cut in cuts:
        old = delete(AuditEntry).where(AuditEntry.county_id == cut.chain, AuditEntry.seq <= cut.through)
        gone += connection.execute(old).rowcount
    return gone
