"""Proving the chains: every link follows from the one before, ends at its head, and agrees with the anchors.

An edit or a line put in breaks the hash; a line taken out leaves a gap; a tail that was cut no longer
reaches its head; a tail and head rewritten together disagree with an anchor. Lines whose keeping time was
over may be missing at the beginning, exactly as far as a later link of the same chain says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models.audit import AuditEntry, AuditHead
from portal.services.audit.anchors import Anchor
from portal.services.audit.chain import link
from portal.services.audit.pruning import find_cut
from portal.tenancy.units import Unit

CHUNK = 5000
"""Lines read at a time."""


@dataclass(frozen=True)
class Broken:
    """The first link that does not hold: its number and a stable word for what is wrong."""

    seq: int
    why: str
    """line_missing, line_changed, beyond_head, tail_missing, head_changed, anchor_differs."""


@dataclass(frozen=True)
class Verdict:
    """One chain: the county's code (empty for chain 0), how many lines were read, what is broken.

    `pruned`: how many lines a checkpoint stands for at the beginning.
    """

    county: str
    chain: int
    pruned: int
    lines: int
    last: str
    broken: Broken | None


def verify(session: Session, *, anchors: Sequence[Anchor] = (), county: str | None = None) -> list[Verdict]:
    """Walk every chain, or that of one county's code. For system sessions."""
    codes = dict(session.execute(select(Unit.id, Unit.code).where(Unit.id == Unit.county_id)).all())
    heads = {head.chain: head for head in session.scalars(select(AuditHead))}
    numbers = set(heads) | set(session.scalars(select(AuditEntry.county_id).distinct()))
    wanted = sorted(n for n in numbers if county is None or codes.get(n) == county)
    return [_walk(session, n, codes.get(n, ""), heads.get(n), anchors) for n in wanted]


def _walk(
    session: Session, chain: int, code: str, head: AuditHead | None, anchors: Sequence[Anchor]
) -> Verdict:
    anchored = {one.seq: one.hash for anchor in anchors for one in anchor.heads if one.chain == chain}
    first = session.scalar(select(func.min(AuditEntry.seq)).where(AuditEntry.county_id == chain))
    start, last = find_cut(session, chain) if first and first > 1 else (0, "")
    seq, broken = start, None
    if anchored.get(start, last) != last:
        return Verdict(code, chain, start, 0, last, Broken(start, "anchor_differs"))
    columns = [getattr(AuditEntry, attribute.key) for attribute in AuditEntry.__mapper__.column_attrs]
    lines = select(*columns).where(AuditEntry.county_id == chain).order_by(AuditEntry.seq)
    for line in session.execute(lines.execution_options(yield_per=CHUNK)):
        seq += 1
        broken = _judge(line, seq, last, anchored)
        if broken:
            break
        last = line.hash
    return Verdict(code, chain, start, seq - start, last, broken or _end(seq, last, head, anchored))


def _judge(line: Any, seq: int, before: str, anchored: dict[int, str]) -> Broken | None:
    if line.seq != seq:
        return Broken(seq, "line_missing")
    if link(line, before) != line.hash:
        return Broken(seq, "line_changed")
    if anchored.get(seq, line.hash) != line.hash:
        return Broken(seq, "anchor_differs")
    return None


def _end(seq: int, last: str, head: AuditHead | None, anchored: dict[int, str]) -> Broken | None:
    """What the end of a sound chain shows."""
    end = head.seq if head else 0
    if end > seq:
        return Broken(seq + 1, "tail_missing")
    if seq > end:
        return Broken(end + 1, "beyond_head")
    if head is not None and head.hash != last:
        return Broken(seq, "head_changed")
    beyond = [number for number in anchored if number > seq]
    return Broken(min(beyond), "anchor_differs") if beyond else None
