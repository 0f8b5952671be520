"""What a family asks about its data, and the clock of fifteen working days (个人信息保护法 art. 45–50).

A guardian, or a child of fourteen, asks through the school or the village, in person. A refusal is written and
gives the reason (未成年人网络保护条例 art. 34).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child, DataRequest
from portal.services import audit
from portal.services.children.listing import on_side, side_of
from portal.services.children.owning import own
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import RequestKind, RequestState

WORKING_DAYS = 15


def due_after(day: date, working_days: int = WORKING_DAYS) -> date:
    """The working day, Monday to Friday, by which an answer is due. Holidays are not taken off: it is never late."""
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def list_requests(child: Child, *, actor: Actor) -> Sequence[DataRequest]:
    """The requests about a child, newest first."""
    actor.require(Permission.CHILD_CARE_READ)
    query = select(DataRequest).where(DataRequest.child_id == child.id)
    query = query.options(joinedload(DataRequest.person))
    return db.session.scalars(query.order_by(DataRequest.asked_on.desc(), DataRequest.id.desc())).all()


def take_in(
    child: Child, *, actor: Actor, kind: RequestKind, asked_by: str, relation: str, verified: str, words: str,
    asked_on: date,
) -> DataRequest:  # fmt: skip
    """Write down what a family asks about a child of one's own unit; the clock runs from that day.

    Raises NotFound for a child of another unit, Refused for a day to come or where nobody checked who asks.
    """
    actor.require(Permission.CHILD_REQUEST_EDIT)
    own(child, actor)
    if asked_on > today():
        raise Refused(_l("The day lies in the future."), field="asked_on")
    if not verified:
        raise Refused(_l("Write how you made sure who asks, for example by the ID card."), field="verified")
    made = DataRequest(child=child, kind=kind, asked_by=asked_by, relation=relation, verified=verified, words=words,
                       asked_on=asked_on, due_on=due_after(asked_on), state=RequestState.OPEN,
                       person_id=actor.person_id)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "children:request:take_in", child=child, subject=f"request:{made.public_id}",
                 details={"kind": kind})  # fmt: skip
    return made


def get_request(child: Child, request_id: uuid.UUID, *, actor: Actor) -> DataRequest:
    """A request about the child. Raises NotFound."""
    actor.require(Permission.CHILD_CARE_READ)
    query = select(DataRequest).where(DataRequest.child_id == child.id, DataRequest.public_id == request_id)
    found = db.session.scalars(query.options(joinedload(DataRequest.person))).one_or_none()
    if found is None:
        raise NotFound("request")
    return found


def get_answered(child: Child, request_id: uuid.UUID, *, actor: Actor) -> DataRequest:
    """A request that has been answered, for its letter. Raises NotFound."""
    actor.require(Permission.CHILD_REQUEST_EDIT)
    own(child, actor)
    found = get_request(child, request_id, actor=actor)
    if found.state is RequestState.OPEN:
        raise NotFound("letter")
    return found


def answer(child: Child, request_id: uuid.UUID, *, actor: Actor, granted: bool, words: str) -> DataRequest:
    """Close a request of a child of one's own unit: done, or refused in writing.

    Raises NotFound, Refused for one that is answered already or a refusal without its reasons.
    """
    actor.require(Permission.CHILD_REQUEST_EDIT)
    own(child, actor)
    found = get_request(child, request_id, actor=actor)
    if found.state is not RequestState.OPEN:
        raise Refused(_l("This request has been answered already."))
    if not granted and not words:
        raise Refused(_l("A refusal gives its reasons; they stand in the letter."), field="words")
    found.state = RequestState.GRANTED if granted else RequestState.REFUSED
    found.answer, found.answered_on = words, today()
    db.session.flush()
    audit.record(actor, "children:request:answer", child=child, subject=f"request:{found.public_id}",
                 details={"kind": found.kind, "state": found.state})  # fmt: skip
    return found


def _waiting_at(unit: Unit) -> ColumnElement[bool]:
    return on_side(DataRequest, unit, side_of(unit)) & (DataRequest.state == RequestState.OPEN)


def waiting(unit: Unit, *, actor: Actor) -> ScalarSelect[int]:
    """How many requests of the unit's families wait for an answer."""
    actor.require(Permission.CHILD_REQUEST_EDIT, at=unit)
    return select(func.count()).select_from(DataRequest).where(_waiting_at(unit)).scalar_subquery()


def list_waiting(unit: Unit, *, actor: Actor) -> Sequence[DataRequest]:
    """The requests that wait, the one due first at the top; a unit has a handful a year."""
    actor.require(Permission.CHILD_REQUEST_EDIT, at=unit)
    query = select(DataRequest).where(_waiting_at(unit)).options(joinedload(DataRequest.child))
    return db.session.scalars(query.order_by(DataRequest.due_on, DataRequest.id).limit(200)).all()
