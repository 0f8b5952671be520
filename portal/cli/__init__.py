"""The flask commands, one module per room. Contract: exit 0 fine, 1 findings or refused, 2 usage."""

from __future__ import annotations

from flask import Flask

from portal.cli import accounts, audit, house, keys, people, registers, reports, serving, units
from portal.cli.seed import seed


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in (
        seed,
        accounts.permissions,
        audit.audit,
        keys.keys,
        units.units,
        people.admins,
        registers.import_group,
        reports.rollup,
        house.rooms,
        serving.serve,
        serving.worker,
        serving.cron,
    ):
        app.cli.add_command(command)
