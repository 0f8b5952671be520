"""The schema: every table with a scope column stands behind the wall, with the keys that prove it."""

from __future__ import annotations

import pytest
from sqlalchemy import ForeignKeyConstraint, Index, Table, UniqueConstraint

from portal.extensions import Model, db
from portal.models.accounts import User
from portal.models.children import Child
from portal.models.reports.cells import ADDITIVES
from portal.tenancy.scoped import (
    STAMPS,
    AboutChild,
    BetweenUnits,
    Counted,
    CountyScoped,
    UnitScoped,
    Walled,
    scoped_classes,
)

SCOPE_COLUMNS = {"county_id", "township_id", "unit_id", "child_id", "v_unit_id", "stat_unit_id"}
UNMAPPED = {
    "unit": "the tree itself: the wall names it beside the scoped classes",
    "reach": "kept by triggers, read by the recompute under a system scope, never mapped",
}
"""Tables with a scope column that no scoped class maps, and why."""

FIXED = {"audit_entry"}
"""History: an audit line stays where it was written when a unit moves, so it has no key to the tree."""

BY_TRIGGER = {additive.name for additive in ADDITIVES}
"""Cells: written by triggers alone and rebuilt from the facts, so they carry no key of their own."""

TABLES = {mapper.local_table.name: mapper.class_ for mapper in Model.registry.mappers}
SCOPED = {table.name for table in db.metadata.tables.values() if SCOPE_COLUMNS & set(table.c.keys())}


def _table(name: str) -> Table:
    return db.metadata.tables[name]


def _keys(table: Table, target: str) -> list[tuple[str, ...]]:
    """The composite keys to `target` that cascade and are checked at commit."""
    return [
        tuple(element.parent.name for element in key.elements)
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint)
        and key.referred_table.name == target
        and len(key.elements) > 1
        and (key.onupdate, key.deferrable, key.initially) == ("CASCADE", True, "DEFERRED")
    ]


def test_every_table_with_a_scope_column_is_mapped_behind_the_wall() -> None:
    mapped = {name for name, cls in TABLES.items() if issubclass(cls, Walled)}
    assert SCOPED - mapped == set(UNMAPPED)


@pytest.mark.parametrize("name", sorted(SCOPED - set(UNMAPPED) - BY_TRIGGER - FIXED))
def test_scope_columns_are_proven_by_one_composite_key(name: str) -> None:
    table, cls = _table(name), TABLES[name]
    if issubclass(cls, AboutChild):
        assert _keys(table, "child") == [("child_id", *STAMPS)]
    elif cls is Child:
        assert sorted(_keys(table, "unit")) == [
            ("school_id", "school_township_id", "county_id"),
            ("village_id", "village_township_id", "county_id"),
        ]
    elif issubclass(cls, BetweenUnits):
        assert sorted(_keys(table, "unit")) == [
            ("from_unit_id", "from_town_id", "county_id"),
            ("to_unit_id", "to_town_id", "county_id"),
        ]
    elif cls is User:
        assert _keys(table, "person") == [("person_id", "county_id")]
    else:
        assert ("unit_id", "township_id", "county_id") in _keys(table, "unit")
    if issubclass(cls, Counted):
        assert ("stat_unit_id", "stat_township_id", "stat_county_id") in _keys(table, "unit")


@pytest.mark.parametrize("name", sorted(SCOPED - {"unit"}))
def test_no_scope_column_may_be_empty(name: str) -> None:
    """A NULL in a composite key would switch the key off."""
    table = _table(name)
    names = SCOPE_COLUMNS | set(STAMPS) | {"stat_township_id", "stat_county_id"}
    if "to_unit_id" in table.c:
        names |= {"from_unit_id", "from_town_id", "to_unit_id", "to_town_id"}
    assert [column.name for column in table.c if column.name in names and column.nullable] == []


def _unique_over(table: Table) -> list[tuple[str, tuple[str, ...]]]:
    keys = [
        (str(k.name), tuple(k.columns.keys())) for k in table.constraints if isinstance(k, UniqueConstraint)
    ]
    indexes = [(str(i.name), tuple(i.columns.keys())) for i in table.indexes if i.unique]
    columns = [(f"unique {c.name}", (c.name,)) for c in table.c if c.unique]
    return [*keys, *indexes, *columns]


PROVES = {
    "uq_unit_scope": "what the composite keys to a unit point at; begins with the primary key",
    "uq_person_scope": "what the key of an account to its person points at; begins with the primary key",
    "uq_user_account_account_kind": "what the key of a membership points at; begins with the primary key",
    "uq_user_account_username": "signing in names no county: user names are the installation's",
    "uq_child_scope": "what the composite keys to a child point at; begins with the primary key",
    "uq_person_account_kind": "what the key of an account points at; begins with the primary key",
    "uq_school_class_scope": "what the composite keys to a class point at; begins with the primary key",
    "uq_volunteer_person_id": "one roster entry per person: a person is one county's",
}
"""Unique keys that do not begin with the county, and why they tell nobody anything."""


@pytest.mark.parametrize("name", sorted(SCOPED - {"reach"} - BY_TRIGGER))
def test_no_unique_key_crosses_a_county(name: str) -> None:
    """Otherwise a refused insert would answer whether a thing exists in another county."""
    crossing = [
        key
        for key, columns in _unique_over(_table(name))
        if columns[0] != "county_id" and columns != ("public_id",) and key not in PROVES
    ]
    assert [key for key in crossing if not key.startswith("unique ")] == []


READ_THROUGH = {
    "identity_claim": "a unit moves a few times in a decade; every row in between would pay for the index",
    "job": "a short table: jobs that are done are of no interest",
    "placement": "a unit moves a few times in a decade; every row in between would pay for the index",
}
"""Tables that a moved unit reads from end to end, and why that is right."""


def _indexed(table: Table) -> list[tuple[str, ...]]:
    indexes = [tuple(index.columns.keys()) for index in table.indexes]
    return [
        *indexes,
        *(columns for _key, columns in _unique_over(table)),
        tuple(table.primary_key.columns.keys()),
    ]


def test_every_composite_key_is_served_by_an_index() -> None:
    """A cascade looks rows up by the key: without an index it reads the table."""
    unserved = set()
    for name in SCOPED - set(UNMAPPED) - BY_TRIGGER:
        served = {
            one for columns in _indexed(_table(name)) for one in columns[: 1 + (columns[0] == "county_id")]
        }
        keys = [key for target in ("unit", "child") for key in _keys(_table(name), target)]
        if any(key[0] not in served for key in keys):
            unserved.add(name)
    assert unserved == set(READ_THROUGH)


def test_ids_in_addresses_are_random() -> None:
    """Every class that a URL names has a public id of 122 random bits; no URL names a number."""
    named = {"child", "pairing", "visit", "import_batch", "job", "membership", "person", "volunteer"}
    assert {name for name in TABLES if "public_id" in _table(name).c} >= named


def test_an_index_is_not_made_twice() -> None:
    for table in db.metadata.tables.values():
        covers = [tuple(index.columns.keys()) for index in table.indexes if isinstance(index, Index)]
        assert len(covers) == len(set(covers)), table.name


def test_each_kind_of_scope_is_in_use() -> None:
    for base in (CountyScoped, UnitScoped, AboutChild):
        assert scoped_classes(base), base
