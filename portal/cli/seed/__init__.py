"""`flask seed`: the demo county."""

import click


@click.group()
def seed() -> None:
    """Fill a database."""
