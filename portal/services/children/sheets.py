"""动态变动表: stock of last month + joined − gone ± corrected = stock of this month, per unit, side and basis.

An open sheet is computed from the standings. A closed one never changes: what is written late for its month
appears as a correction of the next sheet, so every opening equals the closing before (rule V31).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.children import ChangeSheet, Child, ChildEvent, Placement, Standing, Transfer
from portal.models.reports.cells import StandingCell
from portal.services import audit
from portal.services.children.standing import sixteenth_birthday
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, EventKind, Side, TransferState

_CELL: Any = StandingCell
JOINS = (
    EventKind.TRANSFERRED_IN, EventKind.PARENT_LEFT, EventKind.FILED, EventKind.BACK_IN_SCHOOL,
)  # fmt: skip
LEAVES = (
    EventKind.JOINED_PARENTS, EventKind.TRANSFERRED_OUT, EventKind.DIED, EventKind.FILED_BY_MISTAKE,
    EventKind.MERGED, EventKind.GRADUATED, EventKind.PARENT_RETURNED, EventKind.DROPPED_OUT,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One child who joined or left the count: case number, name, day and why."""

    case_no: str
    name: str
    on: str
    joined: bool
    why: str
    """An `EventKind`."""

    @property
    def kind(self) -> EventKind:
        return EventKind(self.why)


@dataclass(frozen=True)
class Sheet:
    """A sheet as its page shows it; `closed` is the row behind it, if it is closed."""

    ym: int
    opening: int
    joined: int
    gone: int
    corrected: int
    closing: int
    lines: Sequence[Line]
    closed: ChangeSheet | None = None

    @property
    def may_close(self) -> bool:
        """A month can be closed once it is over."""
        return self.closed is None and month_after(self.ym) <= today()


def first_day(ym: int) -> date:
    return date(ym // 100, ym % 100, 1)


def month_after(ym: int) -> date:
    """The first day after the month."""
    return (first_day(ym) + timedelta(days=32)).replace(day=1)


def ym_before(ym: int) -> int:
    last = first_day(ym) - timedelta(days=1)
    return last.year * 100 + last.month


def read_sheet(unit: Unit, ym: int, *, actor: Actor, side: Side, basis: Basis) -> Sheet:
    """The sheet of a month: the closed one, or what the standings say now."""
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    held = _closed(unit, side, basis, ChangeSheet.ym == ym)
    if held is not None:
        lines = [Line(**one) for one in json.loads(held.lines or "[]")]
        return Sheet(ym, held.opening, held.joined, held.gone, held.corrected, held.closing, lines, held)
    return _computed(unit, ym, side, basis)


def _closed(unit: Unit, side: Side, basis: Basis, *where: ColumnElement[bool]) -> ChangeSheet | None:
    query = select(ChangeSheet).where(
        ChangeSheet.unit_id == unit.id, ChangeSheet.side == side, ChangeSheet.basis == basis, *where
    )
    newest = query.options(joinedload(ChangeSheet.person)).order_by(ChangeSheet.ym.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def _computed(unit: Unit, ym: int, side: Side, basis: Basis) -> Sheet:
    first, after = first_day(ym), month_after(ym)
    lines = [*_moves(unit, side, basis, first, after, joined=True),
             *_moves(unit, side, basis, first, after, joined=False)]  # fmt: skip
    if basis is Basis.WIDE:
        lines += _moved_away(unit, side, first, after, tuple(lines))
    joined, gone = sum(line.joined for line in lines), sum(not line.joined for line in lines)
    before = _closed(unit, side, basis, ChangeSheet.ym == ym_before(ym))
    opening = before.closing if before else _stock(unit, side, basis, ym_before(ym))
    closing = _stock(unit, side, basis, ym)
    return Sheet(ym, opening, joined, gone, closing - opening - joined + gone, closing, lines)


def _here(unit: Unit, side: Side, basis: Basis) -> list[Any]:
    place = Standing.stat_township_id if unit.id == unit.township_id else Standing.stat_unit_id
    found: list[Any] = [place == unit.id, Standing.side == side]
    if side is Side.SCHOOL and unit.id == unit.township_id:
        found.append(Standing.compulsory)
    return [*found, Standing.official] if basis is Basis.OFFICIAL else found


def _stock(unit: Unit, side: Side, basis: Basis, ym: int) -> int:
    """How many counted at the end of a month, from the cells: they stay true when a child has moved away."""
    name = basis.value if not unit.is_kindergarten else f"kindergarten_{basis.value}"
    wide = unit.id == unit.township_id
    query = select(func.coalesce(func.sum(getattr(_CELL, name)), 0)).where(
        _CELL.county_id == unit.county_id,
        _CELL.unit_id == unit.id,
        _CELL.level == ("township" if wide else "unit"),
        _CELL.side == side.value,
        _CELL.ym <= ym,
    )
    return int(db.session.scalar(query) or 0)


def _moved_away(unit: Unit, side: Side, first: date, after: date, known: Iterable[Line]) -> Iterable[Line]:
    """Children who went to another unit in the month and whose files are there by now."""
    end = Transfer.from_town_id if unit.id == unit.township_id else Transfer.from_unit_id
    query = select(Transfer).where(
        end == unit.id, Transfer.side == side, Transfer.state == TransferState.DONE,
        Transfer.effective_on >= first, Transfer.effective_on < after,
    )  # fmt: skip
    told = {(line.case_no, line.joined) for line in known}
    for one in db.session.scalars(query.order_by(Transfer.effective_on, Transfer.id)):
        if (one.case_no, False) not in told:
            on = one.effective_on.isoformat()
            yield Line(one.case_no, one.name, on, False, EventKind.TRANSFERRED_OUT.value)


def _moves(unit: Unit, side: Side, basis: Basis, first: date, after: date, *, joined: bool) -> Iterable[Line]:
    edge, mark = (
        (Standing.starts_on, f"joins_{basis.value}")
        if joined
        else (Standing.ends_on, f"leaves_{basis.value}")
    )
    query = (
        select(Child.id, Child.case_no, Child.name, Child.birth_date, edge)
        .join(Standing, Standing.child_id == Child.id)
        .where(*_here(unit, side, basis), getattr(Standing, mark), edge >= first, edge < after)
        .order_by(edge, Child.name_key, Child.id)
    )
    found = db.session.execute(query).all()
    ids = [row.id for row in found]
    told = _placed(ids, side, first, after, joined=joined) | _told(
        ids, JOINS if joined else LEAVES, first, after
    )
    family = EventKind.PARENT_LEFT if joined else EventKind.PARENT_RETURNED
    for child_id, case_no, name, born, on in found:
        why = told.get((child_id, on), family)
        if not joined and on == sixteenth_birthday(born):
            why = EventKind.TURNED_SIXTEEN
        yield Line(case_no, name, on.isoformat(), joined, why.value)


def _told(
    ids: Sequence[int], kinds: Sequence[EventKind], first: date, after: date
) -> dict[tuple[int, date], EventKind]:
    """The event that somebody wrote for a child, by its day."""
    query = select(ChildEvent.child_id, ChildEvent.happened_on, ChildEvent.kind).where(
        ChildEvent.child_id.in_(ids), ChildEvent.kind.in_(kinds),
        ChildEvent.happened_on >= first, ChildEvent.happened_on < after,
    )  # fmt: skip
    found = db.session.execute(query.order_by(ChildEvent.id)) if ids else ()
    return {(child_id, on): kind for child_id, on, kind in found}


def _placed(
    ids: Sequence[int], side: Side, first: date, after: date, *, joined: bool
) -> dict[tuple[int, date], EventKind]:
    """Where nobody wrote an event, the facts say why: who has just come to a unit was newly found there (by a
    roster, say), whose stay has ended went away. For all others it was a parent who left or came back."""
    edge = Placement.since if joined else Placement.until
    query = select(Placement.child_id, edge).where(
        Placement.child_id.in_(ids), Placement.side == side, edge >= first, edge < after
    )
    why = EventKind.FILED if joined else EventKind.TRANSFERRED_OUT
    found = db.session.execute(query) if ids else ()
    return dict.fromkeys(found, why)


def close_sheet(unit: Unit, ym: int, *, actor: Actor, side: Side, basis: Basis) -> ChangeSheet:
    """Close the sheet of a month that is over; the months are closed one after the other.

    Raises Refused for a month that goes on, is closed, or does not follow the last closed one.
    """
    actor.require(Permission.CHILD_CHANGE_EDIT, at=unit)
    sheet = read_sheet(unit, ym, actor=actor, side=side, basis=basis)
    if sheet.closed is not None:
        raise Refused(_l("This month is closed already."))
    if not sheet.may_close:
        raise Refused(_l("This month is not over yet."))
    last = _closed(unit, side, basis)
    if last is not None and ym_before(ym) != last.ym:
        raise Refused(_l("The months are closed one after the other; the last closed one is %(ym)s.",
                         ym=f"{last.ym // 100}-{last.ym % 100:02d}"))  # fmt: skip
    made = ChangeSheet(unit=unit, side=side, basis=basis, ym=ym, opening=sheet.opening, joined=sheet.joined,
                       gone=sheet.gone, corrected=sheet.corrected, closing=sheet.closing,
                       person_id=actor.person_id)  # fmt: skip
    db.session.add(made)
    made.lines = json.dumps([asdict(line) for line in sheet.lines], ensure_ascii=False)
    db.session.flush()
    audit.record(actor, "children:sheet:close", at=unit, subject=f"sheet:{made.public_id}",
                 details={"ym": ym, "side": side, "basis": basis, "closing": sheet.closing})  # fmt: skip
    return made
