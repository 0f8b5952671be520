"""The tree of any day: today's units with what they were on that day laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import today
from portal.models.units import UnitSpell
from portal.tenancy.units import Unit


@dataclass(frozen=True)
class Then:
    """A unit as it was on a day. `unit` is today's row: permissions and links go by it."""

    unit: Unit
    code: str
    name: str
    parent_id: int | None
    township_id: int
    is_open: bool


@dataclass(frozen=True)
class Tree:
    """The tree of `day`. `past` holds the spell that covers the day for each unit changed since."""

    day: date
    past: Mapping[int, UnitSpell]

    def of(self, unit: Unit) -> Then:
        """What the unit was. One that opened later is shown as it opened, and not open."""
        spell = self.past.get(unit.id)
        if spell is None:
            township_id, is_open = unit.township_id, unit.is_open_on(self.day)
            return Then(unit, unit.code, unit.name, unit.parent_id, township_id, is_open)
        is_open = spell.is_open and spell.since <= self.day
        return Then(unit, spell.code, spell.name, spell.parent_id, township_of(spell), is_open)

    @property
    def moved(self) -> dict[int, int]:
        """The units that stood elsewhere: id → id of their township then."""
        found = {spell.unit_id: township_of(spell) for spell in self.past.values()}
        return {key: town for key, town in found.items() if town != self.past[key].township_id}


def township_of(spell: UnitSpell) -> int:
    """The township column of the unit at that time."""
    if spell.unit_id in (spell.township_id, spell.county_id):
        return spell.township_id
    return spell.parent_id if spell.parent_id and spell.parent_id != spell.county_id else 0


def tree_on(session: Session, county_id: int, day: date) -> Tree:
    """The tree of a county on `day`; one query for a day that is past, none for today."""
    if day >= today():
        return Tree(day, {})
    rows = session.scalars(
        select(UnitSpell)
        .where(UnitSpell.county_id == county_id, UnitSpell.until > day)
        .order_by(UnitSpell.since.desc())
    )
    return Tree(day, {row.unit_id: row for row in rows})
