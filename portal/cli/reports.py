"""`flask rollup`: the figures of a unit, and the check of the cells against the facts."""

from __future__ import annotations

import sys
import uuid
from typing import Any

import click
from sqlalchemy import select

from portal.cli.output import act_as, format_option, refusals, refuse, show
from portal.services.reports import periods, recompute
from portal.services.reports.rollup import by_month, roll_up
from portal.services.units import ref
from portal.tenancy.actor import Actor
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import Basis


@click.command()
@click.argument("unit")
@click.option("--period", "code", required=True, help="2025-06, 2024-2025-2, 2024-2025, 2025-H1, 2025")
@click.option("--basis", type=click.Choice([one.value for one in Basis]), default=Basis.WIDE.value)
@click.option("--by", type=click.Choice(["unit", "month"]), default="unit")
@click.option("--recompute", "again", is_flag=True, help="rebuild the county's cells from the facts")
@click.option("--check", is_flag=True, help="report cells that differ from the facts; exit 1 if any")
@format_option
def rollup(unit: str, code: str, basis: str, by: str, again: bool, check: bool, form: str) -> None:
    """The roll-up of UNIT (a code) for a period."""
    with refusals():
        period = periods.parse(code)
        place, actor = _administrator_at(unit)
        if again or check:
            _recompute(place.county_id, again=again, check=check, form=form)
            return
        act_as(actor)
        found = roll_up(place, actor=actor, period=period, basis=Basis(basis))
        document = found.as_json(by)
        if by == "month":
            document["children"] = by_month(place, actor=actor, period=period, basis=Basis(basis))
    if form == "json":
        show(document)
    else:
        _print(document)


def _administrator_at(code: str) -> tuple[Unit, Actor]:
    """Who sits at the machine sees figures as the office of the unit does."""
    with unscoped("CLI: finding the unit of a roll-up") as session:
        place = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
        if place is None:
            refuse(f"no unit {code}")
        county = session.get_one(Unit, place.county_id)
        session.expunge_all()
    actor = Actor(
        user_id=0,
        person_id=0,
        name="",
        username="",
        role=Role.COMMITTEE_OFFICE,
        unit=ref(county),
        membership_id=uuid.UUID(int=0),
    )
    return place, actor


def _recompute(county_id: int, *, again: bool, check: bool, form: str) -> None:
    with unscoped("CLI: flask rollup --recompute --check", role="recompute") as session:
        differences = recompute.check(session, county_id) if check else []
        if again:
            recompute.rebuild(session, county_id)
            session.commit()
    if form == "json":
        show({"differences": differences, "rebuilt": again})
    else:
        for one in differences:
            click.echo(f"{one['cell']} {one['key']}: stored {one['stored']}, facts say {one['expected']}")
        click.echo(f"{len(differences)} differences{', cells rebuilt' if again else ''}")
    if differences:
        sys.exit(1)


def _print(document: dict[str, Any]) -> None:
    click.echo(f"{document['unit']} {document['period']} {document['basis']} as of {document['as_of']}")
    click.echo(f"returns {document['coverage']['reported']} of {document['coverage']['expected']}")
    for name, one in document["indicators"].items():
        whole = f" ({one['numerator']}/{one['denominator']})" if one["denominator"] else ""
        click.echo(f"{name:16} {one['value']}{one['measure']}{whole}")
