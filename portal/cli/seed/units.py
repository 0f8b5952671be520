"""Units and classes of the demo county: codes as agreed, every unit open since 2000."""

from __future__ import annotations

from datetime import date, datetime

from portal.cli.seed import tables
from portal.cli.seed.book import Book, Place
from portal.cli.seed.figures import CountyPlan, SchoolPlan
from portal.models.children import SchoolClass
from portal.models.units import UnitChange, UnitSpell
from portal.tenancy.columns import FOREVER
from portal.tenancy.names import name_key
from portal.tenancy.units import Unit
from portal.terms import ChangeKind, ChangeState, UnitKind

OPENED = date(2000, 1, 1)
SCHOOL_YEAR = date(2024, 9, 1)
RENAMED = date(2019, 12, 1)


def add_units(book: Book, plan: CountyPlan) -> dict[str, Place]:
    """Add the tree and return its places by their keys in the tables."""
    code, name = tables.county()
    places = {tables.COUNTY: _add(book, tables.COUNTY, code, name, UnitKind.COUNTY, None)}
    county = places[tables.COUNTY]
    for town in plan.towns:
        places[town.row.key] = township = _add(
            book, town.row.key, town.row.code, town.row.name, UnitKind.TOWNSHIP, county
        )
        for village, village_code in town.row.village_codes.items():
            places[village] = _add(book, village, village_code, village, UnitKind.VILLAGE, township)
        for school in plan.schools:
            if school.row.town == town.row.key:
                places[school.row.key] = _add_school(book, school, township)
    _add_history(book, places)
    return places


def _add_history(book: Book, places: dict[str, Place]) -> None:
    """村改居: the seat of 东塘镇 was a village until the end of 2019."""
    village = places["东塘社区"]
    was = {"name": "东塘村", "code": village.code}
    book.add(
        UnitSpell,
        **village.scope,
        **was,
        parent_id=village.township_id,
        name_key=name_key(was["name"]),
        is_open=True,
        since=OPENED,
        until=RENAMED,
    )
    book.add(
        UnitChange,
        f"{village.code}/renamed",
        **village.scope,
        kind=ChangeKind.RENAMED,
        state=ChangeState.DONE,
        effective_on=RENAMED,
        paper="清民发〔2019〕41号",
        arguments={},
        details={**was, "new_name": village.name, "new_code": village.code},
        message="",
        created_at=datetime(2019, 12, 2, 1, 30),
        done_at=datetime(2019, 12, 2, 1, 30),
    )


def _add_school(book: Book, school: SchoolPlan, township: Place) -> Place:
    place = _add(book, school.row.key, school.code, school.row.name, UnitKind.SCHOOL, township, school)
    for planned in school.classes:
        book.classes[school.row.key, planned.name] = book.add(
            SchoolClass,
            f"{school.code}/{planned.name}",
            **place.scope,
            grade=planned.grade,
            name=planned.name,
            pupils=planned.pupils,
            compulsory=school.row.is_compulsory,
            since=SCHOOL_YEAR,
            until=FOREVER,
        )
    return place


def _add(
    book: Book,
    key: str,
    code: str,
    name: str,
    kind: UnitKind,
    parent: Place | None,
    school: SchoolPlan | None = None,
) -> Place:
    number = book.next_id(Unit)
    place = Place(
        key=key,
        code=code,
        name=name,
        kind=kind,
        id=number,
        township_id=number if kind is UnitKind.TOWNSHIP else (parent.township_id if parent else 0),
        county_id=parent.county_id if parent else number,
        school_kind=school.row.kind if school else None,
    )
    book.add(
        Unit,
        code=code,
        name=name,
        name_key=name_key(name),
        kind=kind,
        school_kind=place.school_kind,
        parent_id=parent.id if parent else None,
        township_id=place.township_id,
        county_id=place.county_id,
        opened_on=OPENED,
    )
    return place
