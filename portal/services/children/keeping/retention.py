"""How long a file is kept (security design §3.6): a job brings every file to where it belongs by its day.

Whoever turns eighteen leaves. Ninety days after leaving a file goes into the restricted archive: it hangs on
no side any more, so that the walls show it and every row about it to no unit. After the county's years what
tells who the child was is erased; what was counted stays. For system sessions; nothing here is asked by a page.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.models.children import Child, CountyRules, IdentityClaim
from portal.models.pairings import Pairing
from portal.services import audit
from portal.services.children.events import close_file
from portal.services.children.files import after_change
from portal.services.children.keeping.blanks import BLANKS, REMOVED, blank
from portal.services.children.keeping.copies import kinds_about_a_child
from portal.services.children.standing import add_months
from portal.tenancy.units import Unit
from portal.terms import ExitKind, PairingEnd

ADULT = 18
HANDOVER = timedelta(days=90)
"""Between leaving and the archive: time to hand over, to correct, to come back."""
KEEP_YEARS = 3
LATE = timedelta(days=7)
BATCH = 200


@dataclass(frozen=True)
class Kept:
    """What one round did."""

    closed: int
    archived: int
    erased: int


def keep_to_the_rules(session: Session, *, day: date) -> Kept:
    """Bring every file to where it belongs on a day; the caller commits. Safe to run again."""
    return Kept(_close_grown(session, day), _archive(session, day), _erase(session, day))


def count_late(session: Session, *, day: date) -> int:
    """Files that should have been archived or erased more than a week ago: zero, or the job does not run."""
    border = day - LATE
    query = select(func.count()).select_from(Child)
    waits = session.scalar(query.where(_to_archive(border))) or 0
    return waits + sum(1 for _child in _due(session, border))


def _in_batches(session: Session, *where: ColumnElement[bool]) -> list[Child]:
    return list(session.scalars(select(Child).where(*where).order_by(Child.id).limit(BATCH)))


def _close_grown(session: Session, day: date) -> int:
    grown = add_months(day, -12 * ADULT)
    found = _in_batches(
        session, Child.birth_date <= grown, Child.exited_on.is_(None), Child.erased_on.is_(None)
    )
    for child in found:
        close_file(child, ExitKind.GROWN, add_months(child.birth_date, 12 * ADULT))
        after_change(child)
        _tell(session, "children:file:close", child, {})
    session.flush()
    return len(found)


def _to_archive(day: date) -> ColumnElement[bool]:
    hangs = or_(Child.village_id.is_not(None), Child.school_id.is_not(None))
    return Child.exited_on.is_not(None) & (Child.exited_on <= day - HANDOVER) & hangs


def _archive(session: Session, day: date) -> int:
    found = _in_batches(session, _to_archive(day))
    for child in found:
        _tell(session, "children:file:archive", child, {})
        _end_pairings(session, child, day)
        child.archived_on = child.archived_on or day
        child.class_id = child.school_id = child.school_township_id = None
        child.village_id = child.village_township_id = None
        session.flush()
    return len(found)


def _end_pairings(session: Session, child: Child, day: date) -> None:
    live = select(Pairing).where(Pairing.child_id == child.id, Pairing.ends_on > day)
    for one in session.scalars(live):
        one.ends_on, one.end_reason = max(day, one.starts_on), PairingEnd.OTHER
    session.flush()


def erase_on(child: Child, keep_years: int) -> date:
    """The day on which a file that was left is erased."""
    assert child.exited_on is not None, "only who has left is forgotten"
    return add_months(child.exited_on, 12 * keep_years)


def _due(session: Session, day: date) -> list[Child]:
    years = dict(session.execute(select(CountyRules.county_id, CountyRules.keep_years)).all())
    query = select(Child).where(Child.archived_on.is_not(None), Child.erased_on.is_(None),
                                Child.exited_on.is_not(None), Child.exited_on <= add_months(day, -12))  # fmt: skip
    found = session.scalars(query.order_by(Child.exited_on, Child.id).limit(BATCH)).all()
    return [one for one in found if erase_on(one, years.get(one.county_id, KEEP_YEARS)) <= day]


def _erase(session: Session, day: date) -> int:
    found = _due(session, day)
    for child in found:
        counts = _blank_rows(session, child)
        if child.id_no_index is not None:
            claim = session.get(IdentityClaim, (child.county_id, child.id_no_index))
            if claim is not None:
                session.delete(claim)
        counts["child"] = blank(child, BLANKS["child"])
        child.birth_date, child.erased_on = date(child.birth_date.year, 1, 1), day
        session.flush()
        proof = json.dumps([child.case_no, day.isoformat(), sorted(counts.items())])
        told = {
            "rows": sum(counts.values()),
            "tables": len(counts),
            "hash": hashlib.sha256(proof.encode()).hexdigest(),
        }
        _tell(session, "children:file:erase", child, told)
    return len(found)


def _blank_rows(session: Session, child: Child) -> Counter[str]:
    """Blank or remove what tells who she was in every row about her; how many rows of which table."""
    counts: Counter[str] = Counter()
    for kind, keys in kinds_about_a_child()[1:]:
        name = kind.__tablename__
        if name not in BLANKS and name not in REMOVED:
            continue
        for row in session.scalars(select(kind).where(or_(*(key == child.id for key in keys)))):
            if name in REMOVED:
                session.delete(row)
                counts[name] += 1
            else:
                counts[name] += blank(row, BLANKS[name])
    session.flush()
    return counts


def _tell(session: Session, action: str, child: Child, details: dict[str, Any]) -> None:
    county = session.get_one(Unit, child.county_id)
    told = {"case": child.case_no} | details
    audit.record_system(session, action, at=county, subject=f"child:{child.public_id}", details=told)
