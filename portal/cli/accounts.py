"""`flask permissions table`: which role may do what, from the one table that decides it."""

from __future__ import annotations

import csv
import sys

import click
from flask.cli import AppGroup

from portal.tenancy.permissions import permission_table

permissions = AppGroup("permissions", help="Which role may do what.")


@permissions.command("table")
@click.option("--format", "form", type=click.Choice(["csv", "md"]), default="md", show_default=True)
def table(form: str) -> None:
    """Every permission with one column per role: ● where the role has it."""
    rows = permission_table()
    if form == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
        return
    click.echo(markdown(rows))


def markdown(rows: list[list[str]]) -> str:
    """The table as Markdown, permissions as code."""
    head, *body = rows
    lines = [head, ["---", *([":-:"] * (len(head) - 1))], *([f"`{row[0]}`", *row[1:]] for row in body)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
