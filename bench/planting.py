"""Counties for the benches: as many children as asked for, spread over villages and schools, no more about them."""

from __future__ import annotations

from datetime import date, timedelta

from flask_sqlalchemy.session import Session
from sqlalchemy import insert

from portal.models.children import Child
from portal.services.units import open_unit
from portal.tenancy.units import Unit
from portal.terms import SchoolKind, Sex, UnitKind

VILLAGES, SCHOOLS = 10, 2
"""Of each township."""


def plant(
    session: Session, *, children: int, townships: int, code: str = "990009"
) -> tuple[Unit, list[Unit]]:
    """A county and its schools."""
    opened = date(2000, 1, 1)

    def place(kind: UnitKind, number: str, parent: Unit | None, **more: SchoolKind) -> Unit:
        return open_unit(
            session, code=number, name=number, kind=kind, parent=parent, opened_on=opened, **more
        )

    county = place(UnitKind.COUNTY, code, None)
    villages, schools = [], []
    for number in range(townships):
        town = place(UnitKind.TOWNSHIP, f"{code}{number + 1:03d}", county)
        villages += [place(UnitKind.VILLAGE, f"{town.code}{n + 1:03d}", town) for n in range(VILLAGES)]
        schools += [
            place(UnitKind.SCHOOL, f"{code}-S{number * SCHOOLS + n}", town, school_kind=SchoolKind.PRIMARY)
            for n in range(SCHOOLS)
        ]
    rows = [_child(number, children, county, villages, schools) for number in range(children)]
    for start in range(0, children, 5000):
        session.execute(insert(Child), rows[start : start + 5000])
    return county, schools


def _child(
    number: int, children: int, county: Unit, villages: list[Unit], schools: list[Unit]
) -> dict[str, object]:
    """A child of its own township's school, every third one of another township's."""
    village = villages[number % len(villages)]
    town = number % len(villages) // VILLAGES
    school = schools[(town * SCHOOLS + number % SCHOOLS + (number % 3 == 0) * 7) % len(schools)]
    return {
        "case_no": f"B{county.id}{number:07d}",
        "name": f"童{number}",
        "name_key": f"tong {number * 7919 % children:06d}|t",
        "sex": Sex.FEMALE if number % 2 else Sex.MALE,
        "birth_date": date(2010, 1, 1) + timedelta(days=number % 4000),
        "village_id": village.id,
        "village_township_id": village.township_id,
        "school_id": school.id,
        "school_township_id": school.township_id,
        "county_id": county.id,
    }
