"""The fields of a file by group, who owns each group, and how a value travels as plain data.

Plain data (text, numbers, true and false, lists of them) is what forms, proposals and merges compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from portal.models.children import Child, EmergencyContact, Parent
from portal.tenancy.names import person_name_key
from portal.terms import (
    AidKind,
    CarerRelation,
    Incapable,
    IncomeSource,
    ParentRole,
    ParentState,
    Schooling,
    Sex,
    Side,
)

Values = dict[str, Any]


class Group(StrEnum):
    """A part of the file that is edited at once."""

    WHO = "who"
    FAMILY = "family"
    FATHER = "father"
    MOTHER = "mother"
    CONTACTS = "contacts"
    SCHOOL = "school"
    NEEDS = "needs"


OWNER: Mapping[Group, Side] = {
    Group.WHO: Side.VILLAGE,
    Group.FAMILY: Side.VILLAGE,
    Group.FATHER: Side.VILLAGE,
    Group.MOTHER: Side.VILLAGE,
    Group.CONTACTS: Side.VILLAGE,
    Group.SCHOOL: Side.SCHOOL,
    Group.NEEDS: Side.SCHOOL,
}
"""The village writes the household, the school writes study (domain C-01)."""


def _as_is(value: Any) -> Any:
    return value


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _term(kind: type[StrEnum]) -> Callable[[Any], Any]:
    return lambda value: kind(value) if value else None


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None


def _terms(kind: type[StrEnum]) -> Callable[[Any], Any]:
    return lambda value: tuple(one for one in kind if one.value in set(value or ()))


def _yes_no(value: Any) -> bool | None:
    return {"yes": True, "no": False}.get(value)


_CHILD: Mapping[Group, Mapping[str, Callable[[Any], Any]]] = {
    Group.WHO: {
        "name": _as_is, "sex": _term(Sex), "birth_date": _day, "ethnicity": _as_is,
        "hukou_registered": _yes_no, "hukou_place": _as_is, "phone": _as_is,
    },
    Group.FAMILY: {
        "address": _as_is, "siblings": _number, "lives_alone": bool, "gets_on": _term(CarerRelation),
        "income_list": _terms(IncomeSource), "aid_list": _terms(AidKind), "remark": _as_is,
    },
    Group.SCHOOL: {"schooling": _term(Schooling), "grade": _number, "class_name": _as_is, "boarding": _yes_no},
    Group.NEEDS: {"hobbies": _as_is, "character": _as_is, "study_note": _as_is},
}  # fmt: skip
_PARENT: Mapping[str, Callable[[Any], Any]] = {
    "name": _as_is, "phone": _as_is, "state": _term(ParentState), "work_unit": _as_is,
    "work_unit_phone": _as_is, "incapable_reason": _term(Incapable),
}  # fmt: skip
CONTACT = ("name", "relation", "phone")
RANKS = (1, 2)


def plain(value: Any) -> Any:
    """A value of a column as plain data."""
    if isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return [one.value for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def read_group(child: Child, group: Group) -> Values:
    """The values of one group as plain data; a yes-or-no that may be unknown is "yes", "no" or ""."""
    if group is Group.CONTACTS:
        held = {one.rank: one for one in child.emergency_contacts}
        return {f"{name}_{rank}": getattr(held.get(rank), name, "") for rank in RANKS for name in CONTACT}
    if group in (Group.FATHER, Group.MOTHER):
        parent = parent_of(child, ParentRole(group.value))
        return {name: plain(getattr(parent, name, None)) or "" for name in _PARENT}
    return {name: _shown(getattr(child, name), load) for name, load in _CHILD[group].items()}


def _shown(value: Any, load: Callable[[Any], Any]) -> Any:
    if load is _yes_no:
        return {True: "yes", False: "no"}.get(value, "")
    return "" if value is None else plain(value)


def parent_of(child: Child, role: ParentRole) -> Parent | None:
    return next((one for one in child.parents if one.role is role), None)


def write_group(child: Child, group: Group, values: Values) -> None:
    """Put the values of one group into the file. The caller has checked them and flushes."""
    if group is Group.CONTACTS:
        _write_contacts(child, values)
        return
    if group in (Group.FATHER, Group.MOTHER):
        _write_parent(child, ParentRole(group.value), values)
        return
    for name, load in _CHILD[group].items():
        if name in values:
            _assign(child, name, load(values[name]))
    if "name" in values:
        _assign(child, "name_key", person_name_key(child.name))


def _assign(row: Any, name: str, value: Any) -> None:
    if getattr(row, name) != value:
        setattr(row, name, value)


def _write_parent(child: Child, role: ParentRole, values: Values) -> None:
    parent = parent_of(child, role)
    if parent is None:
        parent = Parent(role=role, state=ParentState.LIVING, incapable=False)
        child.parents.append(parent)
    for name, load in _PARENT.items():
        if name in values:
            loaded = load(values[name])
            _assign(parent, name, ParentState.LIVING if name == "state" and loaded is None else loaded)
    _assign(parent, "incapable", parent.state.is_gone or parent.incapable_reason is not None)


def _write_contacts(child: Child, values: Values) -> None:
    held = {one.rank: one for one in child.emergency_contacts}
    for rank in RANKS:
        words = {name: values.get(f"{name}_{rank}") or "" for name in CONTACT}
        if not words["name"] and not words["phone"]:
            if rank in held:
                child.emergency_contacts.remove(held[rank])
        elif rank in held:
            for name, word in words.items():
                _assign(held[rank], name, word)
        else:
            child.emergency_contacts.append(EmergencyContact(rank=rank, **words))
