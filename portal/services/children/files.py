"""The child's file as the portal keeps it: reading it, and rewriting the standing when a fact changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.config import today
from portal.models.children import Absence, Child, Guardianship, Parent, Standing
from portal.services import audit
from portal.services.children import alarms, covered, filing
from portal.services.children.covered import Shown, ShownNote
from portal.services.children.listing import guardians_of
from portal.services.children.ruling import rules_of
from portal.services.children.standing import Facts, PlaceFact, StatusRules, Stretch, derive
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.terms import FileField, ParentRole, SchoolKind, Side


@dataclass(frozen=True)
class File:
    """A child's file on one day, as its page shows it."""

    age: int
    has_id: bool
    standing: Standing | None
    guardian: Guardianship | None
    parents: tuple[tuple[ParentRole, Parent | None, Absence | None], ...]
    """Per role the parent and her open absence."""
    phone: Shown
    address: Shown
    notes: list[ShownNote]
    may_lift_notes: bool


def read_file(child: Child, *, actor: Actor, lifted: FileField | None = None) -> File:
    """The file of a child inside the actor's scope, on today's facts; `lifted` shows without its cover."""
    actor.require(Permission.CHILD_FILE_READ)
    audit.read(actor, "children:file:read", child=child)
    day = today()

    def live(rows: list[Any], first: str, end: str) -> Any:
        return next((row for row in rows if getattr(row, first) <= day < getattr(row, end)), None)

    guardian = live(child.guardianships, "since", "until")
    phone = guardian.phone if guardian else ""
    return File(
        age=child.age_on(day),
        has_id=child.id_no_index is not None,
        standing=live(child.standings, "starts_on", "ends_on"),
        guardian=guardian,
        phone=covered.show_field(FileField.GUARDIAN_PHONE, phone, actor=actor, lifted=lifted),
        address=covered.show_field(FileField.ADDRESS, child.address, actor=actor, lifted=lifted),
        notes=covered.show_notes(child, actor=actor, lifted=lifted),
        may_lift_notes=covered.may_lift_notes(actor),
        parents=tuple(
            (
                role,
                next((parent for parent in child.parents if parent.role is role), None),
                live([away for away in child.absences if away.role is role], "since", "until"),
            )
            for role in ParentRole
        ),
    )


def read_card(child: Child, *, actor: Actor) -> Guardianship | None:
    """The guardian on the short card that a paired volunteer sees; opening the card is written down."""
    actor.require(Permission.CHILD_FILE_READ)
    audit.read(actor, "children:file:read", child=child)
    return guardians_of([child.id]).get(child.id)


def facts_of(child: Child) -> Facts:
    """The facts of a loaded child, in the shape the derivation reads."""
    return Facts(
        birth_date=child.birth_date,
        sex=child.sex,
        incapable=frozenset(parent.role for parent in child.parents if parent.incapable),
        absences=tuple(child.absences),
        guardianships=tuple(child.guardianships),
        priorities=tuple(child.reviews),
        places=tuple(
            PlaceFact(
                side=placement.side,
                unit=placement.stat_unit,
                since=placement.since,
                until=placement.until,
                carried=bool(placement.carried),  # None until a new row has been written
                compulsory=placement.side is Side.VILLAGE
                or placement.stat_unit.school_kind is not SchoolKind.KINDERGARTEN,
            )
            for placement in child.placements
        ),
    )


def after_change(child: Child) -> None:
    """What follows from a changed fact: standing, alarms and completeness. Every verb that changes a file calls it."""
    rewrite_standing(child)
    alarms.refresh(child)
    filing.refresh(child)


def rewrite_standing(child: Child, rules: StatusRules | None = None) -> None:
    """Bring the child's standing rows in line with her facts and her county's rules; rows that still hold are
    left alone."""
    rules = rules or rules_of(child)
    wanted = {_values(stretch): stretch for stretch in derive(facts_of(child), rules)}
    for row in list(child.standings):
        key = (row.stat_unit_id, *(getattr(row, name) for name in COLUMNS))
        if key in wanted:
            del wanted[key]
        else:
            child.standings.remove(row)
    for stretch in wanted.values():
        values = {name: _column(stretch, name) for name in COLUMNS}
        child.standings.append(Standing(stat_unit=stretch.place.unit, **values))


COLUMNS = (
    "side",
    "compulsory",
    "starts_on",
    "ends_on",
    "official",
    "both_away",
    "female",
    "guardian",
    "priority",
    "placed",
    "joins_wide",
    "leaves_wide",
    "joins_official",
    "leaves_official",
)


def _column(stretch: Stretch, name: str) -> object:
    return getattr(stretch.place if name in ("side", "compulsory") else stretch, name)


def _values(stretch: Stretch) -> tuple[object, ...]:
    return (stretch.place.unit.id, *(_column(stretch, name) for name in COLUMNS))  # type: ignore[attr-defined]
