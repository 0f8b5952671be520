"""The returns of the spring-term cycle: 15 of 18 schools and all villages accepted."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from portal.cli.seed.accounts import Accounts
from portal.cli.seed.book import Book, Place, stream
from portal.cli.seed.figures import TERM, CountyPlan
from portal.cli.seed.people import Staff
from portal.models.reports.submissions import Submission
from portal.terms import SubmissionState

_FIRST = datetime(2025, 6, 18, 1)


def add_submissions(
    book: Book, plan: CountyPlan, places: Mapping[str, Place], staff: Staff, accounts: Accounts
) -> None:
    """Add one return per school, kindergarten and village."""
    rng = stream("returns")
    for school in plan.schools:
        judge = accounts.by_person[staff.coordinators[school.row.town].id]
        place = places[school.row.key]
        _add(book, rng, place, school.row.state, judge, note=school.row.state_note)
    for town in plan.towns:
        judge = accounts.by_person[staff.coordinators[town.row.key].id]
        for village in town.row.villages:
            _add(book, rng, places[village], SubmissionState.ACCEPTED, judge)


def _add(
    book: Book, rng: random.Random, place: Place, state: SubmissionState, judge: int, *, note: str = ""
) -> None:
    submitted = _FIRST + timedelta(minutes=rng.randint(0, 9 * 24 * 60))
    decided = submitted + timedelta(minutes=rng.randint(60, 2 * 24 * 60))
    is_draft = state is SubmissionState.DRAFT
    book.add(
        Submission,
        place.code,
        **place.scope,
        period=TERM,
        state=state,
        state_note=note,
        submitted_at=None if is_draft else submitted,
        decided_at=None if is_draft else decided,
        decided_by_id=None if is_draft else judge,
    )
