"""`flask rooms`: the house at a glance. (`flask routes` is Flask's own.)"""

from __future__ import annotations

import click
from flask import current_app

from portal.cli.output import format_option, show


@click.command()
@format_option
def rooms(form: str) -> None:
    """Every room with its door plate."""
    plates = []
    for name, room in sorted(current_app.blueprints.items()):
        module = __import__(room.import_name, fromlist=["__doc__"])
        plates.append({"room": name, "plate": (module.__doc__ or "").strip()})
    if form == "json":
        show(plates)
        return
    for plate in plates:
        click.echo(f"{plate['room']:12} {plate['plate']}")
