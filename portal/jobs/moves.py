"""Jobs that move children: an accepted transfer, the classes of a school in September, back from the archive;
and counting a county anew.

Neither unit may write into the other, so the work is done in the county's scope, after the act itself was
permitted and written down in the unit's own.
"""

from __future__ import annotations

import uuid
from datetime import date

from portal.extensions import db
from portal.jobs.rosters import Progress
from portal.services.children import promotion, recounting, transfers
from portal.services.children.keeping import archive
from portal.tenancy.actor import Actor
from portal.tenancy.scope import Level, Scope, enter


def in_county(actor: Actor) -> None:
    """Go on in the scope of the actor's whole county; who acts stays the same."""
    db.session.remove()
    enter(db.session(), Scope(Level.COUNTY, actor.unit.county_id, actor.unit.county_id))


def transfer(*, actor: Actor, progress: Progress, transfer: str) -> None:
    """Move the file of an accepted transfer."""
    in_county(actor)
    transfers.carry_out(uuid.UUID(transfer), actor=actor)


def bring_back(*, actor: Actor, progress: Progress, child: str) -> None:
    """Take a file out of the archive to the actor's unit."""
    archive.bring_back(uuid.UUID(child), actor=actor)


def recount(*, actor: Actor, progress: Progress, rules: str) -> None:
    """Count every child of the actor's county anew."""

    def chunk_done(done: int, total: int) -> None:
        db.session.commit()
        progress(done, total)

    recounting.recount(actor=actor, progress=chunk_done)


def promote(*, actor: Actor, progress: Progress, on: str, heirs: dict[str, str] | None = None) -> None:
    """Move the classes of the actor's school up; `heirs`: class → grant of the teacher who takes it over."""
    in_county(actor)
    taken = {uuid.UUID(room): uuid.UUID(grant) for room, grant in (heirs or {}).items()}
    promotion.carry_out(actor.unit.id, date.fromisoformat(on), actor=actor, heirs=taken)
