"""Home: what each role wants to see first, put together from the other rooms' queries."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from redis import Redis, RedisError
from sqlalchemy import ScalarSelect, select, text
from sqlalchemy.exc import SQLAlchemyError

from portal.config import today
from portal.extensions import db
from portal.models.children import Census, Child
from portal.models.registers import ImportBatch
from portal.models.visits import Visit
from portal.services import visits
from portal.services.children import alarms, census, listing, plans, priority, proposals, sixteen, transfers
from portal.services.children.keeping import cards, requests
from portal.services.pairings import agreeing, gaps
from portal.services.registers import batches
from portal.services.reports import periods
from portal.services.reports.rollup import Rollup, roll_up
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit
from portal.terms import Basis


@dataclass(frozen=True)
class Card:
    """The short card of a child a volunteer is paired with: no ID number, no health, no door number."""

    child_id: uuid.UUID
    name: str
    sex: str
    grade: int | None
    village: str
    guardian_relation: str
    guardian_name: str
    can_call: bool
    last_visit: date | None
    seen_this_month: bool


@dataclass
class Today:
    """The landing page of a member of staff. Parts the role has no business with stay empty."""

    rollup: Rollup | None = None
    worries: list[Visit] = field(default_factory=list)
    second_yes: int = 0
    """Pairings that wait for the reader's yes as the second person."""
    unpaired: int = 0
    """Left-behind children of the unit without a live pairing."""
    batches: list[ImportBatch] = field(default_factory=list)
    """Rosters that wait for somebody's confirmation."""
    alarms: int = 0
    """Alarms of the unit's children that wait for an act."""
    reviews: int = 0
    """Priority children whose review is due, and plans to be looked at."""
    proposals: int = 0
    """Changes of a file that the other side proposes to the unit."""
    transfers: int = 0
    """Offers of children that wait for the unit's answer."""
    sixteen: int = 0
    """Children who turn sixteen next month."""
    cards: int = 0
    """Contact cards not confirmed this term."""
    requests: int = 0
    """Requests of families that wait for an answer."""
    census: tuple[Census, int] | None = None
    """The open census, and how many lists of the unit are not worked through."""


def volunteer_cards(actor: Actor) -> list[Card]:
    """The volunteer's own children today, those not yet seen this month first."""
    paired = listing.list_paired(actor)
    ids = [child.id for child, _pairing in paired]
    guardians = listing.guardians_of(ids)
    seen = listing.last_visits(ids)
    month = today().replace(day=1)
    cards = [_card(child, guardians.get(child.id), seen.get(child.id), month) for child, _p in paired]
    return sorted(cards, key=lambda card: card.seen_this_month)


def _card(child: Child, guardian: Any, last_visit: date | None, month: date) -> Card:
    return Card(
        child_id=child.public_id,
        name=child.name,
        sex=str(child.sex.label),
        grade=child.grade,
        village=child.village.name if child.village else "",
        guardian_relation=guardian.relation if guardian else "",
        guardian_name=guardian.name if guardian else "",
        can_call=bool(guardian and guardian.phone),
        last_visit=last_visit,
        seen_this_month=last_visit is not None and last_visit >= month,
    )


def today_of(actor: Actor) -> Today:
    """What waits for a member of staff today."""
    page = Today()
    unit = db.session.get_one(Unit, actor.unit.id)
    if actor.can(Permission.ROLLUP_READ):
        term = periods.term_of(today())
        page.rollup = roll_up(unit, actor=actor, period=term, basis=Basis.WIDE)
    if actor.can(Permission.VISIT_READ):
        page.worries = visits.list_worries(actor=actor, since=today() - timedelta(days=30))
    if actor.can(Permission.PAIRING_EDIT):
        page.unpaired = gaps.count_unpaired(unit, actor=actor)
    if actor.can(Permission.ROSTER_IMPORT):
        page.batches = batches.list_waiting(unit, actor=actor)
    for name, number in _waiting(unit, actor).items():
        setattr(page, name, number)
    if actor.can(Permission.CENSUS_FILL):
        page.census = census.count_waiting(actor=actor)
    return page


_COUNTED: dict[str, tuple[Permission, tuple[Callable[..., ScalarSelect[int]], ...]]] = {
    "alarms": (Permission.CHILD_ALARM_ACT, (alarms.waiting,)),
    "reviews": (Permission.CHILD_PRIORITY_EDIT, (priority.due, plans.due)),
    "proposals": (Permission.CHILD_FILE_EDIT, (proposals.waiting,)),
    "second_yes": (Permission.PAIRING_GOVERN, (agreeing.waiting,)),
    "transfers": (Permission.CHILD_TRANSFER_EDIT, (transfers.waiting,)),
    "sixteen": (Permission.CHILD_CHANGE_EDIT, (sixteen.turning,)),
    "cards": (Permission.CHILD_CARD_EDIT, (cards.waiting,)),
    "requests": (Permission.CHILD_REQUEST_EDIT, (requests.waiting,)),
}
"""What is only counted on the first page: part → who has business with it, and the queries it sums."""


def _waiting(unit: Unit, actor: Actor) -> dict[str, int]:
    """The counts of the parts the actor has business with, in one statement."""
    asked = [(name, query(unit, actor=actor)) for name, (permission, queries) in _COUNTED.items()
             if actor.can(permission) for query in queries]  # fmt: skip
    found: dict[str, int] = {}
    if asked:
        counted = db.session.execute(select(*(query for _name, query in asked))).one()
        for (name, _query), number in zip(asked, counted, strict=True):
            found[name] = found.get(name, 0) + number
    return found


def readiness(*, redis_url: str, expected_revision: str) -> dict[str, Any]:
    """Whether the portal can work: the database answers at the code's revision, and the queue if any."""
    state: dict[str, Any] = {"database": "down", "revision": None, "queue": "in process"}
    try:
        with unscoped("health: the revision of the database") as session:
            state["revision"] = session.scalar(text("SELECT version_num FROM alembic_version"))
            state["database"] = "up"
    except SQLAlchemyError:
        pass
    if redis_url:
        try:
            Redis.from_url(redis_url, socket_connect_timeout=1).ping()
            state["queue"] = "up"
        except RedisError:
            state["queue"] = "down"
    state["ready"] = state["database"] == "up" and state["revision"] == expected_revision
    return state
