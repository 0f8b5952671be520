"""`flask units`: bringing a county's real places in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from portal.cli.output import act_as_system, refusals, refuse
from portal.config import today
from portal.extensions import db
from portal.services import audit
from portal.services import units as service


@click.group()
def units() -> None:
    """Units: county, townships, villages and schools."""


@units.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--opened-on", type=click.DateTime(["%Y-%m-%d"]), help="first day of the units (1 January)")
def import_units(file: Path, opened_on: object) -> None:
    """Add a whole county from FILE (division data as JSON) to this installation."""
    try:
        tree = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        refuse(f"{file.name} is not JSON: {error}")
    day = opened_on.date() if hasattr(opened_on, "date") else date(today().year, 1, 1)
    act_as_system("CLI: flask units import")
    with refusals():
        county = service.import_county(db.session(), tree, opened_on=day)
        audit.record_system(db.session(), "units:county:load", at=county)
        db.session.commit()
    towns = len(tree["towns"])
    villages = sum(len(town["villages"]) for town in tree["towns"])
    click.echo(f"{county.name} ({county.code}): {towns} townships, {villages} villages")
    click.echo(f"Next: flask admins invite {county.code} prints the codes of its three administrators.")
