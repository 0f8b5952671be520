"""Roster jobs: read a workbook for its preview, and take the confirmed rows in."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from portal.extensions import db
from portal.services.registers import batches
from portal.tenancy.actor import Actor

Progress = Callable[[int, int], None]


def read(*, actor: Actor, progress: Progress, batch: str) -> None:
    """Work out the preview of a batch."""
    found = batches.get_batch(uuid.UUID(batch), actor=actor)
    batches.read_batch(found, actor=actor, progress=_chunk_by_chunk(progress))


def commit(*, actor: Actor, progress: Progress, batch: str) -> None:
    """File the accepted rows, a chunk at a time: what is filed stays filed if the work is cut off."""
    found = batches.get_batch(uuid.UUID(batch), actor=actor)
    batches.commit_batch(found, actor=actor, progress=_chunk_by_chunk(progress))


def _chunk_by_chunk(progress: Progress) -> Progress:
    """End the transaction after each chunk, so that nobody waits long for a long roster."""

    def chunk_done(done: int, total: int) -> None:
        db.session.commit()
        progress(done, total)

    return chunk_done
