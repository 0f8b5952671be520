"""`flask audit`: proving that no line was changed or lost, fixing each day's end outside the database, and
removing what was kept long enough."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask import current_app

from portal.cli.output import format_option, refuse, show
from portal.config import now
from portal.services.audit import anchors as anchor_files
from portal.services.audit import pruning
from portal.services.audit.verify import Verdict, verify
from portal.tenancy.scope import unscoped
from portal.tenancy.walls.context import owner_engine


@click.group()
def audit() -> None:
    """The audit: verify the chains, write the day's anchor, remove what was kept long enough."""


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
            "pruned": one.pruned,
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
        before = f" after {one.pruned} removed" if one.pruned else ""
        click.echo(f"{one.county or '(no county)'}: {one.lines} lines{before}, {state}")
    click.echo(f"{read} anchors" + "".join(f", NOT OURS: {name}" for name in forged))


@audit.command("anchor")
def anchor() -> None:
    """Write today's anchor (real time) unless it is there already."""
    with unscoped("CLI: flask audit anchor") as session:
        path = anchor_files.write(session, current_app.config["SETTINGS"].anchors, on=now().date())
    click.echo(f"written: {path}" if path else "today has its anchor already")


@audit.command("prune")
@click.option("--county", help="code of one county (all)")
@click.option("--dry-run", is_flag=True, help="say what would go, and remove nothing")
@format_option
def prune(county: str | None, dry_run: bool, form: str) -> None:
    """Remove lines older than PORTAL_AUDIT_YEARS (at least three). Needs the owner of the tables.

    Nothing goes unless every chain is sound; each keeps a checkpoint, so that verify passes over the cut.
    """
    settings = current_app.config["SETTINGS"]
    anchors = anchor_files.read_all(settings.anchors)
    with unscoped("CLI: flask audit prune") as session:
        verdicts = verify(session, anchors=anchors, county=county)
        if not verdicts:
            refuse(f"no county {county}")
        if any(one.broken for one in verdicts) or not all(anchor.genuine for anchor in anchors):
            refuse("not every chain is sound: nothing was removed (flask audit verify says more)")
        chains = [(one.chain, one.county) for one in verdicts]
        cuts = pruning.mark(session, chains, years=settings.PORTAL_AUDIT_YEARS)
        if not dry_run:
            session.commit()
    if cuts and not dry_run:
        with owner_engine(settings).begin() as connection:
            pruning.remove(connection, cuts)
    _show_cuts(cuts, form, dry_run)


def _show_cuts(cuts: list[pruning.Cut], form: str, dry_run: bool) -> None:
    if form == "json":
        show({"removed": not dry_run, "chains": [{"county": one.county, "lines": one.lines} for one in cuts]})
        return
    for one in cuts:
        click.echo(f"{one.county or '(no county)'}: {one.lines} lines {'would go' if dry_run else 'removed'}")
    if not cuts:
        click.echo("no line is old enough")
