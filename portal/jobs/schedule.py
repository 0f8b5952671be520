"""The one list of timed work: name → (every how many seconds, what)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import current_app

from portal.config import now, today
from portal.jobs import board, tree
from portal.services import jobs
from portal.services.accounts import held, lockout
from portal.services.audit import anchors
from portal.services.children.keeping import copies, retention
from portal.services.volunteers import applications
from portal.tenancy.scope import unscoped

_log = logging.getLogger(__name__)


def ring_again() -> int:
    """Ring for jobs whose bell was not heard or whose worker fell silent; how many."""
    with unscoped("job: looking for lost jobs") as session:
        lost = [job.id for job in jobs.list_lost(session)]
    for job_id in lost:
        board.ring(job_id)
    return len(lost)


def anchor_audit() -> None:
    """Write the day's anchor of the audit if it is missing. A folder that cannot be written is logged."""
    with unscoped("job: the daily anchor of the audit") as session:
        try:
            anchors.write(session, current_app.config["SETTINGS"].anchors, on=now().date())
        except OSError as error:
            _log.error("the audit has no anchor for today: %s", error)


def sweep_accounts() -> None:
    """Forget failed sign-ins, half sessions and held forms that no rule looks at any more."""
    with unscoped("job: forgetting failed sign-ins") as session:
        lockout.sweep(session)
        held.sweep(session)
        session.commit()


def sweep_copies() -> None:
    """Remove the copies for families whose day is over."""
    with unscoped("job: removing copies whose day is over") as session:
        copies.sweep(session)
        session.commit()


def sweep_applications() -> None:
    """Remove the applications of volunteers that were answered half a year ago."""
    with unscoped("job: removing answered applications") as session:
        applications.sweep(session)
        session.commit()


def keep_to_the_rules() -> None:
    """Close, archive and erase the files whose day has come."""
    with unscoped("job: files whose time has come") as session:
        retention.keep_to_the_rules(session, day=today())
        session.commit()


PERIODIC: dict[str, tuple[int, Callable[[], object]]] = {
    "accounts.sweep": (3600, sweep_accounts),
    "audit.anchor": (3600, anchor_audit),
    "children.keep_to_the_rules": (3600, keep_to_the_rules),
    "children.sweep_copies": (3600, sweep_copies),
    "jobs.ring_again": (60, ring_again),
    "units.carry_out_planned": (600, tree.carry_out_planned),
    "volunteers.sweep_applications": (86400, sweep_applications),
}
