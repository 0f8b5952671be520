"""The one list of timed work: name → (every how many seconds, what)."""

from __future__ import annotations

from collections.abc import Callable

from portal.jobs import board, tree
from portal.services import jobs
from portal.tenancy.scope import unscoped


def ring_again() -> int:
    """Ring for jobs whose bell was not heard or whose worker fell silent; how many."""
    with unscoped("job: looking for lost jobs") as session:
        lost = [job.id for job in jobs.list_lost(session)]
    for job_id in lost:
        board.ring(job_id)
    return len(lost)


PERIODIC: dict[str, tuple[int, Callable[[], object]]] = {
    "jobs.ring_again": (60, ring_again),
    "units.carry_out_planned": (600, tree.carry_out_planned),
}
