"""The seven acts upon the tree: what each one demands, and what it does on its day.

Each act is `check` (raises Refused; asked when it is planned and again on its day) and `perform`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.children import Child, SchoolClass
from portal.models.registers import ImportBatch
from portal.models.units import UnitChange
from portal.services.units import carrying, rules
from portal.services.units.blockers import list_blockers
from portal.services.units.county import BELOW, open_unit
from portal.services.units.journal import Journal, since_of
from portal.tenancy.names import name_key
from portal.tenancy.units import Unit
from portal.terms import ChangeKind, ImportState, SchoolKind, UnitKind

_GROUP = re.compile(r"第?[0-9一二三四五六七八九十百]+(?:村民小组|居民小组|小组|组|社|队)")
NO_GROUP = "—"


@dataclass(frozen=True)
class Act:
    """One kind of act."""

    check: Callable[[UnitChange], None]
    perform: Callable[[UnitChange, Journal], list[int]]
    """Changes the rows; returns the children whose standing is to be derived anew."""


def group_of(address: str) -> str:
    """The 村民小组 an address names, or NO_GROUP."""
    found = _GROUP.search(address)
    return found.group() if found else NO_GROUP


def _county(change: UnitChange) -> Unit:
    return db.session.get_one(Unit, change.county_id)


def _other(change: UnitChange) -> Unit:
    return db.session.get_one(Unit, change.other_id)


# ---- opening, renaming, moving -------------------------------------------------------------------


def _check_open(change: UnitChange) -> None:
    asked, above = change.arguments, change.unit
    kind = UnitKind(asked["kind"])
    if kind not in BELOW.get(above.kind, ()):
        raise Refused(_l("Such a unit cannot stand here."), field="kind")
    rules.check_all(
        lambda: _check_school_kind(kind, asked.get("school_kind")),
        lambda: rules.check_day(change.effective_on),
        lambda: rules.check_is_open(above, change.effective_on, field="on"),
        lambda: rules.check_name(asked["name"], parent_id=above.id),
        lambda: rules.check_code(asked["code"], kind=kind, county=_county(change)),
    )


def _check_school_kind(kind: UnitKind, chosen: str | None) -> None:
    if kind is UnitKind.SCHOOL and not chosen:
        raise Refused(_l("Choose the kind of school."), field="school_kind")


def _opened(change: UnitChange, parent: Unit, kind: UnitKind) -> Unit:
    asked = change.arguments
    return open_unit(
        db.session(),
        code=asked["code"],
        name=asked["name"],
        kind=kind,
        parent=parent,
        opened_on=change.effective_on,
        school_kind=SchoolKind(asked["school_kind"]) if asked.get("school_kind") else None,
    )


def _open(change: UnitChange, journal: Journal) -> list[int]:
    above = change.unit
    opened = _opened(change, above, UnitKind(change.arguments["kind"]))
    change.unit, change.other_id = opened, above.id
    change.details = {"name": opened.name, "code": opened.code, "to": above.name}
    return []


def _check_rename(change: UnitChange) -> None:
    unit, asked = change.unit, change.arguments
    if (asked["name"], asked["code"]) == (unit.name, unit.code):
        raise Refused(_l("Name and code are as they were: nothing would change."), field="name")
    rules.check_all(
        lambda: rules.check_day(change.effective_on, unit),
        lambda: rules.check_is_open(unit, change.effective_on, field="on"),
        lambda: rules.check_name(asked["name"], parent_id=unit.parent_id, unit=unit),
        lambda: rules.check_code(asked["code"], kind=unit.kind, county=_county(change), unit=unit),
    )


def _rename(change: UnitChange, journal: Journal) -> list[int]:
    unit, asked = change.unit, change.arguments
    change.details = {
        "name": unit.name, "code": unit.code, "new_name": asked["name"], "new_code": asked["code"],
    }  # fmt: skip
    values = {"name": asked["name"], "name_key": name_key(asked["name"]), "code": asked["code"]}
    journal.reshape(unit, change.effective_on, **values)
    return []


def _check_move(change: UnitChange) -> None:
    unit, above = change.unit, _other(change)
    rules.check_day(change.effective_on, unit, above)
    rules.check_is_open(unit, change.effective_on)
    rules.check_is_open(above, change.effective_on, field="to")
    if unit.parent_id == above.id:
        raise Refused(_l("The unit stands there already."), field="to")
    if unit.kind not in BELOW.get(above.kind, ()) or unit.kind is UnitKind.TOWNSHIP:
        raise Refused(_l("Such a unit cannot stand there."), field="to")
    rules.check_name(unit.name, parent_id=above.id, unit=unit)


def _move(change: UnitChange, journal: Journal) -> list[int]:
    unit, above = change.unit, _other(change)
    old = db.session.get_one(Unit, unit.parent_id)
    change.details = {"from": old.name, "to": above.name, "children": carrying.count_children(unit)}
    journal.reshape(unit, change.effective_on, parent_id=above.id, township_id=above.township_id)
    return []


# ---- merging and splitting -----------------------------------------------------------------------


def _check_merge(change: UnitChange) -> None:
    unit, into = change.unit, _other(change)
    if unit.id == into.id or unit.kind is not into.kind:
        raise Refused(_l("A unit is merged into another one of its kind."), field="to")
    if unit.is_kindergarten != into.is_kindergarten:
        raise Refused(_l("A kindergarten and a school are not merged: they are counted apart."), field="to")
    rules.check_day(change.effective_on, unit, into)
    rules.check_is_open(unit, change.effective_on)
    rules.check_is_open(into, change.effective_on, field="to")
    busy = select(func.count()).where(
        ImportBatch.unit_id == unit.id, ImportBatch.state == ImportState.COMMITTING
    )
    if db.session.scalar(busy):
        raise Refused(
            _l("A roster of %(unit)s is just being taken in: wait until it is done.", unit=unit.name)
        )
    if unit.kind is UnitKind.TOWNSHIP:
        _check_names_below(unit, into)


def _check_names_below(unit: Unit, into: Unit) -> None:
    there = {one.name for one in _below(into) if one.closed_on is None}
    both = sorted(one.name for one in _below(unit) if one.closed_on is None and one.name in there)
    if both:
        names = "、".join(both)
        raise Refused(
            _l("Both have a unit called %(names)s: rename one of them first.", names=names), field="to"
        )


def _below(township: Unit) -> list[Unit]:
    rows = db.session.scalars(select(Unit).where(Unit.parent_id == township.id).order_by(Unit.code))
    return list(rows)


def _merge(change: UnitChange, journal: Journal) -> list[int]:
    unit, into, on = change.unit, _other(change), change.effective_on
    children: list[int] = []
    counts: dict[str, int] = {}
    if unit.kind is UnitKind.TOWNSHIP:
        counts["children"] = carrying.count_children(unit)
        below = _below(unit)
        for one in below:
            journal.reshape(one, max(on, since_of(one)), parent_id=into.id, township_id=into.id)
        counts["units"] = sum(one.closed_on is None for one in below)
    else:
        children = carrying.carry_children(journal, unit, into, on)
        counts["children"] = len(children)
        counts["classes"] = carrying.carry_classes(journal, unit, into, on)
    counts |= carrying.carry_rows(journal, unit, into, on)
    change.details = {"to": into.name, **counts}
    journal.reshape(unit, on, closed_on=on, merged_into_id=into.id)
    return children


def _check_split(change: UnitChange) -> None:
    unit, asked = change.unit, change.arguments
    rules.check_all(
        lambda: rules.check_day(change.effective_on, unit),
        lambda: rules.check_is_open(unit, change.effective_on, field="on"),
        lambda: rules.check_name(asked["name"], parent_id=unit.parent_id),
        lambda: rules.check_code(asked["code"], kind=unit.kind, county=_county(change)),
        lambda: _check_pick(change),
    )


def _check_pick(change: UnitChange) -> None:
    chosen, whole = _chosen(change)
    if not chosen:
        raise Refused(_l("Choose what goes to the new unit."), field="pick")
    if chosen == whole:
        raise Refused(
            _l("Something must stay: to change the name of all of it, rename the unit."), field="pick"
        )


def _chosen(change: UnitChange) -> tuple[set[int], set[int]]:
    """The ids of the parts that go (units, classes or children), and of all parts."""
    unit, asked = change.unit, change.arguments
    picked = set(asked.get("pick", ()))
    if unit.kind is UnitKind.TOWNSHIP:
        parts = {one.id: one.code for one in _below(unit) if one.closed_on is None}
        return {key for key, code in parts.items() if code in picked}, set(parts)
    if unit.kind is UnitKind.SCHOOL:
        classes = live_classes(unit)
        return {one.id for one in classes if str(one.public_id) in picked}, {one.id for one in classes}
    return village_pick(unit, picked)


def village_pick(village: Unit, picked: set[str]) -> tuple[set[int], set[int]]:
    """The children of a village named by their 村民小组 or one by one, and all of them."""
    rows = db.session.execute(
        select(Child.id, Child.public_id, Child.address).where(carrying.children_of(village))
    ).all()
    going = {key for key, name, address in rows if str(name) in picked or group_of(address) in picked}
    return going, {key for key, _name, _address in rows}


def live_classes(school: Unit) -> list[SchoolClass]:
    """The classes of a school that have not ended, by grade and name."""
    rows = select(SchoolClass).where(SchoolClass.unit_id == school.id, SchoolClass.until > today())
    return list(db.session.scalars(rows.order_by(SchoolClass.grade, SchoolClass.name, SchoolClass.id)))


def groups_of(village: Unit) -> Counter[str]:
    """How many children each 村民小组 of a village has."""
    addresses = db.session.scalars(select(Child.address).where(carrying.children_of(village)))
    return Counter(group_of(address) for address in addresses)


def _split(change: UnitChange, journal: Journal) -> list[int]:
    unit, on = change.unit, change.effective_on
    chosen, _whole = _chosen(change)
    parent = db.session.get_one(Unit, unit.parent_id)
    if unit.school_kind is not None:
        change.arguments = change.arguments | {"school_kind": unit.school_kind.value}
    new = _opened(change, parent, unit.kind)
    change.other_id = new.id
    counts: dict[str, Any] = {"name": new.name, "code": new.code}
    children: list[int] = []
    if unit.kind is UnitKind.TOWNSHIP:
        for one in _below(unit):
            if one.id in chosen:
                day = max(on, since_of(one))
                journal.reshape(one, day, parent_id=new.id, township_id=new.id)
        counts["units"] = len(chosen)
    elif unit.kind is UnitKind.SCHOOL:
        names = {one.name for one in live_classes(unit) if one.id in chosen}
        by_name = Child.class_id.is_(None) & Child.class_name.in_(names)
        going = select(Child.id).where(carrying.children_of(unit), Child.class_id.in_(chosen) | by_name)
        children = carrying.carry_children(journal, unit, new, on, only=set(db.session.scalars(going)))
        counts["classes"] = carrying.carry_classes(journal, unit, new, on, only=chosen)
    else:
        children = carrying.carry_children(journal, unit, new, on, only=chosen)
    change.details = counts | {"children": len(children)}
    return children


# ---- closing and reopening -----------------------------------------------------------------------


def _check_close(change: UnitChange) -> None:
    rules.check_day(change.effective_on, change.unit)
    rules.check_is_open(change.unit, change.effective_on)
    if list_blockers(change.unit, change.effective_on):
        raise Refused(_l("Something still hangs on %(unit)s: see the list above.", unit=change.unit.name))


def _close(change: UnitChange, journal: Journal) -> list[int]:
    journal.reshape(change.unit, change.effective_on, closed_on=change.effective_on)
    return []


def _check_reopen(change: UnitChange) -> None:
    unit = change.unit
    rules.check_day(change.effective_on, unit)
    if unit.closed_on is None:
        raise Refused(_l("%(unit)s is open.", unit=unit.name))
    rules.check_is_open(db.session.get_one(Unit, unit.parent_id), change.effective_on)
    rules.check_name(unit.name, parent_id=unit.parent_id, unit=unit)


def _reopen(change: UnitChange, journal: Journal) -> list[int]:
    journal.reshape(change.unit, change.effective_on, closed_on=None, merged_into_id=None)
    return []


ACTS: dict[ChangeKind, Act] = {
    ChangeKind.OPENED: Act(_check_open, _open),
    ChangeKind.RENAMED: Act(_check_rename, _rename),
    ChangeKind.MOVED: Act(_check_move, _move),
    ChangeKind.MERGED: Act(_check_merge, _merge),
    ChangeKind.SPLIT: Act(_check_split, _split),
    ChangeKind.CLOSED: Act(_check_close, _close),
    ChangeKind.REOPENED: Act(_check_reopen, _reopen),
}
