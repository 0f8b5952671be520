"""`flask import`: workbooks in, without the browser."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from portal.cli.output import act_as, format_option, refusals, refuse, show
from portal.config import today
from portal.errors import FileRefused
from portal.extensions import db
from portal.services import units
from portal.services.accounts import actors
from portal.services.registers import batches
from portal.services.registers.intake import Intake
from portal.terms import RowOutcome


@click.group("import")
def import_group() -> None:
    """Bring registers in."""


@import_group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", required=True, help="code of the school or village")
@click.option("--as", "login", required=True, help="account that imports")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="day the roster stands for (today)")
@click.option("--dry-run", is_flag=True, help="say what would happen and change nothing")
@format_option
def children(file: Path, code: str, login: str, as_of: datetime | None, dry_run: bool, form: str) -> None:
    """Import the roster workbook FILE (花名册) into a unit."""
    with refusals():
        actor = actors.actor_of_login(login)
        act_as(actor)
        try:
            intake = batches.import_file(
                db.session(),
                actor=actor,
                unit=units.get_unit(actor, code),
                file_name=file.name,
                data=file.read_bytes(),
                as_of=as_of.date() if as_of else today(),
                write=not dry_run,
            )
        except FileRefused as refused:
            if form == "json":
                show({"refused_file": refused.code, "message": str(refused.message)})
            refuse(str(refused.message))
        db.session.rollback() if dry_run else db.session.commit()
    document = _document(intake)
    if form == "json":
        show(document)
        return
    click.echo(f"new {document['new']}, changed {document['changed']}, unchanged {document['unchanged']}")
    for row in intake.verdicts:
        if row.outcome is RowOutcome.REFUSED:
            click.echo(f"row {row.row}: {batches.sentence(row)}")


def _document(intake: Intake) -> dict[str, object]:
    refused = [one for one in intake.verdicts if one.outcome is RowOutcome.REFUSED]
    return {
        "new": intake.count(RowOutcome.NEW),
        "changed": intake.count(RowOutcome.CHANGED),
        "unchanged": intake.count(RowOutcome.UNCHANGED),
        "refused": [
            {
                "row": one.row,
                "reason": one.reason.value if one.reason else "",
                "message": batches.sentence(one),
            }
            for one in refused
        ],
        "status": intake.status,
    }
