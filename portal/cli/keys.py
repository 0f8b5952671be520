"""`flask keys`: what is not sealed under today's key, and sealing it anew."""

from __future__ import annotations

import sys

import click

from portal.cli.output import format_option, refuse, show
from portal.errors import SealBroken
from portal.services import sealing
from portal.tenancy.keys import keyring
from portal.tenancy.scope import unscoped


@click.group()
def keys() -> None:
    """The keys of the sealed fields (ID numbers, sensitive notes, rosters on their way in)."""


@keys.command("status")
@format_option
def status(form: str) -> None:
    """Say how many fields wait for `rotate`; exit 1 if any does."""
    with unscoped("CLI: flask keys status") as session:
        waiting = sealing.list_waiting(session)
    if form == "json":
        show({"profile": keyring.profile.value, "key": keyring.head[2:].hex(), "waiting": waiting})
    else:
        click.echo(f"{keyring.profile.value}, key {keyring.head[2:].hex()}")
        for name, number in waiting.items():
            click.echo(f"{name}: {number} under an older key")
    if any(waiting.values()):
        sys.exit(1)


@keys.command("rotate")
def rotate() -> None:
    """Seal everything under the newest key and the algorithm of PORTAL_CIPHER. May be broken off and run
    again. Keep the old key in the file as long as a backup sealed by it may be wanted."""

    try:
        with unscoped("CLI: flask keys rotate") as session:

            def keep(field: str, last: int, done: int) -> None:
                session.commit()
                click.echo(f"{field}: rows to {last}, {done} sealed anew")

            done = sealing.rotate(session, after_chunk=keep)
    except SealBroken as broken:
        refuse(f"{broken}: nothing of this part was changed; is the old key still in PORTAL_FIELD_KEYS?")
    click.echo(f"{done} fields sealed anew")
