"""What still hangs on a unit: the list that a closing waits for, and the preview of a merge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.extensions import db
from portal.models.children import SchoolClass
from portal.models.pairings import Pairing
from portal.models.registers import ImportBatch
from portal.models.reports.submissions import Submission
from portal.models.visits import Visit
from portal.models.volunteers import Volunteer
from portal.services.units import carrying
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.terms import ImportState, UnitKind, VolunteerStatus


@dataclass(frozen=True)
class Count:
    """So many of something; `advice` is what to do about it before a closing."""

    label: Any
    n: int
    advice: Any = ""


@dataclass(frozen=True)
class Preview:
    """What a merge moves, who goes along in which role, and what stays."""

    moves: list[Count]
    staff: list[tuple[Role, int]]
    stays: list[Count]


def _count(*where: Any) -> int:
    return db.session.scalar(select(func.count()).where(*where)) or 0


def _units_below(unit: Unit, kind: UnitKind) -> int:
    return _count(Unit.parent_id == unit.id, Unit.kind == kind, Unit.closed_on.is_(None))


def _below(unit: Unit, advice: Any = "") -> list[Count]:
    if unit.kind is not UnitKind.TOWNSHIP:
        return []
    return [
        Count(_l("villages and communities"), _units_below(unit, UnitKind.VILLAGE), advice),
        Count(_l("schools and kindergartens"), _units_below(unit, UnitKind.SCHOOL), advice),
    ]


def list_blockers(unit: Unit, on: date) -> list[Count]:
    """What keeps a unit from being closed on a day, each with what to do."""
    leaf = unit.kind is not UnitKind.TOWNSHIP
    found = [
        *_below(unit, _l("move them to another township, or merge the township")),
        Count(
            _l("children on file"),
            carrying.count_children(unit) if leaf else 0,
            _l("merge the unit into the one they go to, or let them be transferred"),
        ),
        Count(
            _l("classes"),
            _count(SchoolClass.unit_id == unit.id, SchoolClass.until > on),
            _l("end the classes, or merge the school"),
        ),
        Count(
            _l("live pairings it arranged"),
            _count(Pairing.stat_unit_id == unit.id, Pairing.ends_on > on),
            _l("end the pairings"),
        ),
        Count(
            _l("people on duty"),
            _count(Membership.unit_id == unit.id, Membership.valid_until > on),
            _l("end their roles or hand them over"),
        ),
        Count(
            _l("volunteers on its roster"),
            _count(Volunteer.unit_id == unit.id, Volunteer.status == VolunteerStatus.ACTIVE),
            _l("let another unit keep them on its roster"),
        ),
        Count(
            _l("rosters that wait"),
            _count(ImportBatch.unit_id == unit.id, ImportBatch.state.in_(_OPEN)),
            _l("take them in or let them go"),
        ),
    ]
    return [one for one in found if one.n]


_OPEN = (ImportState.READING, ImportState.PREVIEWED, ImportState.COMMITTING)


def preview_of(unit: Unit, on: date) -> Preview:
    """What would move with a merge on a day, and what would stay where it happened."""
    staff = db.session.execute(
        select(Membership.role, func.count())
        .where(Membership.unit_id == unit.id, Membership.valid_until > on)
        .group_by(Membership.role)
    ).all()
    moves = [
        *_below(unit),
        Count(_l("children on file"), carrying.count_children(unit)),
        Count(_l("classes"), _count(SchoolClass.unit_id == unit.id, SchoolClass.until > on)),
        Count(_l("live pairings it arranged"), _count(Pairing.stat_unit_id == unit.id, Pairing.ends_on > on)),
        Count(_l("volunteers on its roster"), _count(Volunteer.unit_id == unit.id)),
        Count(_l("rosters that wait"), _count(ImportBatch.unit_id == unit.id, ImportBatch.state.in_(_OPEN))),
    ]
    stays = [
        Count(_l("visits and talks counted there"), _count(Visit.stat_unit_id == unit.id)),
        Count(_l("returns of past terms"), _count(Submission.unit_id == unit.id)),
    ]
    order = list(Role)
    return Preview(
        [one for one in moves if one.n],
        sorted(((role, n) for role, n in staff), key=lambda pair: order.index(pair[0])),
        [one for one in stays if one.n],
    )
