"""`flask audit`: proving that no line was changed or lost, and fixing each day's end outside the database."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask import current_app

from portal.cli.output import format_option, refuse, show
from portal.config import now
from portal.services.audit import anchors as anchor_files
from portal.services.audit.verify import Verdict, verify
from portal.tenancy.scope import unscoped


@click.group()
def audit() -> None:
    """The audit: verify the chains, write the day's anchor."""


@audit.command("verify")
@click.option("--county", help="code of one county (all)")
@format_option
def verify_command(county: str | None, form: str) -> None:
    """Check every line, head and anchor; exit 1 and the first broken line where one does not hold."""
    anchors = anchor_files.read_all(current_app.config["SETTINGS"].anchors)
    forged = [anchor.name for anchor in anchors if not anchor.genuine]
    with unscoped("CLI: flask audit verify") as session:
        verdicts = verify(session, anchors=anchors, county=county)
    if county and not verdicts:
        refuse(f"no county {county}")
    if form == "json":
        show(_document(verdicts, len(anchors), forged))
    else:
        _print(verdicts, len(anchors), forged)
    if forged or any(one.broken for one in verdicts):
        sys.exit(1)


def _document(verdicts: list[Verdict], read: int, forged: list[str]) -> dict[str, Any]:
    chains = [
        {
            "county": one.county,
            "lines": one.lines,
            "last": one.last,
            "broken": {"line": one.broken.seq, "why": one.broken.why} if one.broken else None,
        }
        for one in verdicts
    ]
    sound = not forged and not any(one["broken"] for one in chains)
    return {"sound": sound, "chains": chains, "anchors": {"read": read, "not_ours": forged}}


def _print(verdicts: list[Verdict], read: int, forged: list[str]) -> None:
    for one in verdicts:
        state = f"BROKEN at line {one.broken.seq}: {one.broken.why}" if one.broken else "sound"
        click.echo(f"{one.county or '(no county)'}: {one.lines} lines, {state}")
    click.echo(f"{read} anchors" + "".join(f", NOT OURS: {name}" for name in forged))


@audit.command("anchor")
def anchor() -> None:
    """Write today's anchor (real time) unless it is there already."""
    with unscoped("CLI: flask audit anchor") as session:
        path = anchor_files.write(session, current_app.config["SETTINGS"].anchors, on=now().date())
    click.echo(f"written: {path}" if path else "today has its anchor already")
