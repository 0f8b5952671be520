"""Jobs of the census: making its lists, looking for two files of one child, joining and parting them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from portal.extensions import db
from portal.services.children import census, joining, matches
from portal.tenancy.actor import Actor

Progress = Callable[[int, int], None]


def make_lists(*, actor: Actor, progress: Progress, census_id: str) -> None:
    """A list for every class and village of the county, a chunk of them at a time."""

    def chunk_done(done: int, total: int) -> None:
        db.session.commit()
        progress(done, total)

    found = census.get_census(uuid.UUID(census_id), actor=actor)
    census.make_lists(found, actor=actor, progress=chunk_done)


def find_matches(*, actor: Actor, progress: Progress) -> None:
    """Pairs of files that may be of one child, in the whole county, each with the preview of its joining."""
    for match in matches.find_matches(actor=actor):
        joining.plan(match)


def join(*, actor: Actor, progress: Progress, match: str) -> None:
    """Two files become one; both keepers have said so."""
    joining.join(uuid.UUID(match), actor=actor)


def part(*, actor: Actor, progress: Progress, match: str) -> None:
    """Two joined files are taken apart again."""
    joining.undo(uuid.UUID(match), actor=actor)
