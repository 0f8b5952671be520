"""Anchors: once a day the last link of every chain, signed, in a file outside the database.

Whoever may change the whole database could cut a tail and set the head back. The anchor of the day before
still knows. Copies belong where the database's administrator does not reach: the auditor's mailbox, the
printed monthly report.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now
from portal.models.audit import AuditHead
from portal.tenancy.keys import keyring
from portal.tenancy.units import Unit


@dataclass(frozen=True)
class Fixed:
    """One chain's end."""

    chain: int
    county: str
    seq: int
    hash: str


@dataclass(frozen=True)
class Anchor:
    """One day's file. `genuine`: its signature is ours."""

    name: str
    heads: tuple[Fixed, ...]
    genuine: bool


def write(session: Session, folder: Path, *, on: date) -> Path | None:
    """Write the day's anchor; None if the day has one: an anchor is never overwritten. For system sessions."""
    path = folder / f"{on.isoformat()}.json"
    if path.exists():
        return None
    rows = session.execute(
        select(AuditHead.chain, Unit.code, AuditHead.seq, AuditHead.hash)
        .outerjoin(Unit, Unit.id == AuditHead.chain)
        .order_by(AuditHead.chain)
    )
    heads = [asdict(Fixed(chain, code or "", seq, hash_)) for chain, code, seq, hash_ in rows]
    document = {"on": on.isoformat(), "written_at": now().isoformat(), "heads": heads}
    signed = document | {"signature": _signature(document)}
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        json.dump(signed, file, ensure_ascii=False, indent=1, sort_keys=True)
    return path


def read_all(folder: Path) -> list[Anchor]:
    """Every anchor of the folder, by day."""
    return [_read(path) for path in sorted(folder.glob("*.json"))] if folder.is_dir() else []


def _read(path: Path) -> Anchor:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        signature = document.pop("signature")
        heads = tuple(Fixed(**one) for one in document["heads"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return Anchor(path.name, (), genuine=False)
    genuine = signature == _signature(document)
    return Anchor(path.name, heads if genuine else (), genuine)


def _signature(document: object) -> str:
    words = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return keyring.mac(words, county_id=0, purpose="anchor")
