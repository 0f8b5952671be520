"""How many children one person helps at the same time: the county's limits, and who has how many today."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, func, select

from portal.config import today
from portal.extensions import db
from portal.models.children import CountyRules
from portal.models.pairings import Pairing
from portal.tenancy.scope import county_wide
from portal.terms import LimitKind

DEFAULTS: Mapping[LimitKind, int] = {
    LimitKind.TEACHER: 3, LimitKind.TUTOR: 5, LimitKind.CADRE: 2, LimitKind.OTHER: 3,
}  # fmt: skip
"""每位教师结对2—3名学生 (D2-2), 五名留守学生 (D0-3), 两名留守儿童 (D4-18)."""

Loads = dict[int, dict[LimitKind, int]]
"""Person id → children she helps, by whose limit holds."""


def limits_of(county_id: int) -> dict[LimitKind, int]:
    """The county's limits, or the defaults."""
    found = db.session.get(CountyRules, county_id)
    if found is None:
        return dict(DEFAULTS)
    return {one: getattr(found, f"pairs_{one.value}") for one in LimitKind}


def loads_of(county_id: int, helpers: ColumnElement[bool]) -> Loads:
    """How many children each of these helpers has, wherever in the county they live: numbers, nothing else."""
    query = (
        select(Pairing.helper_id, Pairing.kind, func.count())
        .where(helpers, Pairing.ends_on > today(), Pairing.ends_on > Pairing.starts_on)
        .group_by(Pairing.helper_id, Pairing.kind)
    )
    found: Loads = {}
    with county_wide(county_id) as session:
        for helper, kind, number in session.execute(query):
            held = found.setdefault(helper, {})
            held[kind.limit_kind] = held.get(kind.limit_kind, 0) + number
    return found


def load_of(county_id: int, helper_id: int, limit: LimitKind) -> int:
    """How many children one person helps under one limit."""
    return loads_of(county_id, Pairing.helper_id == helper_id).get(helper_id, {}).get(limit, 0)


def over(loads: Loads, limits: Mapping[LimitKind, int]) -> Collection[tuple[int, LimitKind, int]]:
    """(helper, whose limit, children) of everybody above a limit."""
    return [
        (helper, limit, number)
        for helper, held in loads.items()
        for limit, number in held.items()
        if number > limits[limit]
    ]
