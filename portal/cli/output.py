"""How commands speak: JSON for machines, plain lines for people, refusals on stderr with exit 1."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.tenancy.actor import Actor
from portal.tenancy.scope import enter, system_scope

format_option: Callable[[Any], Any] = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json prints one document, numbers as numbers",
)


def show(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def refuse(sentence: str) -> NoReturn:
    """Say why on stderr and leave with 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the domain's errors into a sentence and exit 1."""
    try:
        yield
    except Refused as refused:
        refuse(str(refused.message))
    except NotFound as missing:
        refuse(f"not found: {missing}")
    except PermissionDenied as denied:
        refuse(str(denied))


def act_as(actor: Actor) -> None:
    """Give this command's session the actor's scope: the wall holds for commands too."""
    enter(db.session(), actor.scope)


def act_as_system(reason: str) -> None:
    """For commands of the administrator at the machine, who has no membership."""
    enter(db.session(), system_scope(reason))
