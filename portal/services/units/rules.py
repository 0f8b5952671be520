"""The rules of the tree: who administers what, which codes, names and days can be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.config import today
from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.models.units import UnitChange, UnitSpell
from portal.services.units.journal import since_of
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import ChangeState, UnitKind

LONGEST_PLAN = timedelta(days=366)
_SCHOOL_CODE = re.compile(r"[A-Z0-9-]{2,20}")


def require_above(actor: Actor, *units: Unit) -> Unit:
    """The unit that administers all of `units`: their common unit above, else the county.

    Raises PermissionDenied unless the actor governs there; nobody governs the county itself from here.
    """
    above = {unit.parent_id for unit in units}
    if None in above:
        raise PermissionDenied("a county is administered by nobody above it in this installation")
    place = db.session.get_one(Unit, above.pop() if len(above) == 1 else units[0].county_id)
    actor.require(Permission.UNIT_TREE_GOVERN, at=place)
    return place


def governs(actor: Actor, unit: Unit) -> bool:
    """Whether the actor administers this unit from above."""
    above = db.session.get(Unit, unit.parent_id) if unit.parent_id else None
    return above is not None and actor.can(Permission.UNIT_TREE_GOVERN, above)


def check_all(*checks: Callable[[], None]) -> None:
    """Run every check; raise one Refused that carries all that was found."""
    found: list[Refused] = []
    for check in checks:
        try:
            check()
        except Refused as refused:
            found.append(refused)
    if found:
        found[0].others = tuple(found[1:])
        raise found[0]


def first_day() -> date:
    """The first day an act may take effect on: reports of past months stay as they are."""
    return today().replace(day=1)


def check_day(on: date, *units: Unit) -> None:
    """Refuse a day in a past month, more than a year ahead, or before a unit's last change."""
    if on < first_day():
        raise Refused(
            _l("Reports of past months stay as they are: choose %(day)s or a later day.", day=first_day()),
            field="on",
        )
    if on > today() + LONGEST_PLAN:
        raise Refused(_l("This day is more than a year away: choose an earlier one."), field="on")
    for unit in units:
        if on < since_of(unit):
            raise Refused(
                _l(
                    "%(unit)s was changed on %(day)s: choose that day or a later one.",
                    unit=unit.name,
                    day=since_of(unit),
                ),
                field="on",
            )


def check_is_open(unit: Unit, on: date, *, field: str | None = None) -> None:
    """Refuse a unit that is closed on the day, or not open yet."""
    if not unit.is_open_on(on):
        raise Refused(_l("%(unit)s is not open on this day.", unit=unit.name), field=field)


def check_nothing_planned(*units: Unit, but: UnitChange | None = None) -> None:
    """Refuse while another act on one of the units is planned: one thing after the other."""
    ids = [unit.id for unit in units]
    planned = db.session.scalars(
        select(UnitChange).where(
            UnitChange.state == ChangeState.PLANNED,
            UnitChange.unit_id.in_(ids) | UnitChange.other_id.in_(ids),
        )
    )
    if any(one is not but for one in planned):
        raise Refused(_l("Another change is already planned here: wait for it or cancel it first."))


def check_code(code: str, *, kind: UnitKind, county: Unit, unit: Unit | None = None) -> None:
    """Refuse a code of the wrong form, or one that another unit of the county has or ever had."""
    if kind is UnitKind.SCHOOL:
        rest = code.removeprefix(f"{county.code}-")
        if rest == code or not _SCHOOL_CODE.fullmatch(rest):
            raise Refused(
                _l(
                    "A school's code begins with %(county)s-, for example %(county)s-S01.", county=county.code
                ),
                field="code",
            )
    else:
        digits = 9 if kind is UnitKind.TOWNSHIP else 12
        if not (code.isascii() and code.isdigit() and len(code) == digits and code.startswith(county.code)):
            raise Refused(
                _l(
                    "The division code has %(n)s digits and begins with %(county)s.",
                    n=digits,
                    county=county.code,
                ),
                field="code",
            )
    if _is_taken(code, county, unit):
        raise Refused(_l("Another unit of the county has or had this code."), field="code")


def _is_taken(code: str, county: Unit, unit: Unit | None) -> bool:
    own = unit.id if unit is not None else 0
    now = select(func.count()).where(Unit.county_id == county.id, Unit.code == code, Unit.id != own)
    once = select(func.count()).where(
        UnitSpell.county_id == county.id, UnitSpell.code == code, UnitSpell.unit_id != own
    )
    return bool(db.session.scalar(now) or db.session.scalar(once))


def check_name(name: str, *, parent_id: int | None, unit: Unit | None = None) -> None:
    """Refuse an empty or overlong name, or one that a sister unit has."""
    if not 2 <= len(name) <= 40:
        raise Refused(_l("Write the full name, 2 to 40 characters."), field="name")
    own = unit.id if unit is not None else 0
    same = select(func.count()).where(
        Unit.parent_id == parent_id, Unit.name == name, Unit.id != own, Unit.closed_on.is_(None)
    )
    if db.session.scalar(same):
        raise Refused(_l("A unit of this name already stands here."), field="name")
