"""Reading pairings: of a unit, of a child, one of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound
from portal.extensions import db
from portal.models.children import Child
from portal.models.pairings import Pairing, PairingReview
from portal.services.children.keeping import consents
from portal.services.children.listing import on_side
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import PairingKind, Purpose, Side

PAGE = 50


def live(day: date) -> ColumnElement[bool]:
    """Pairings that are live on a day."""
    return and_(Pairing.starts_on <= day, Pairing.ends_on > day)


def list_pairings(
    unit: Unit,
    *,
    actor: Actor,
    side: Side,
    kind: PairingKind | None = None,
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
) -> tuple[list[Pairing], tuple[str, int] | None]:
    """Live pairings of the children on one side of `unit`, by start, newest first; and the next key."""
    actor.require(Permission.PAIRING_READ, at=unit)
    query = select(Pairing).where(on_side(Pairing, unit, side), live(today()))
    if kind is not None:
        query = query.where(Pairing.kind == kind)
    if after is not None:
        query = query.where(tuple_(Pairing.starts_on, Pairing.id) < (date.fromisoformat(after[0]), after[1]))
    rows = list(
        db.session.scalars(
            query.options(joinedload(Pairing.helper), joinedload(Pairing.child))
            .order_by(Pairing.starts_on.desc(), Pairing.id.desc())
            .limit(limit + 1)
        )
    )
    page = rows[:limit]
    key = (page[-1].starts_on.isoformat(), page[-1].id) if len(rows) > limit else None
    return page, key


def pairing_with(child: Child, *, actor: Actor) -> Pairing | None:
    """The reader's own live pairing with a child."""
    actor.require(Permission.CHILD_FILE_READ)
    mine = select(Pairing).where(
        Pairing.child_id == child.id, Pairing.helper_id == actor.person_id, live(today())
    )
    return db.session.scalars(mine.order_by(Pairing.id).limit(1)).one_or_none()


def list_of_child(child: Child) -> list[Pairing]:
    """All pairings of a child as far as the reader sees them, live ones first."""
    return list(
        db.session.scalars(
            select(Pairing)
            .where(Pairing.child_id == child.id)
            .options(joinedload(Pairing.helper))
            .order_by(Pairing.ends_on.desc(), Pairing.starts_on.desc())
        )
    )


def get_pairing(public_id: uuid.UUID, *, actor: Actor) -> Pairing:
    """A pairing inside the scope. Raises NotFound."""
    actor.require(Permission.PAIRING_READ)
    found = db.session.scalars(
        select(Pairing)
        .where(Pairing.public_id == public_id)
        .options(joinedload(Pairing.helper), joinedload(Pairing.child))
    ).one_or_none()
    if found is None:
        raise NotFound("pairing")
    return found


def list_reviews(pairing: Pairing, *, actor: Actor) -> Sequence[PairingReview]:
    """What the pairing has brought so far, newest first."""
    actor.require(Permission.PAIRING_READ)
    query = select(PairingReview).where(PairingReview.pairing_id == pairing.id)
    ordered = query.order_by(PairingReview.made_on.desc(), PairingReview.id.desc())
    return db.session.scalars(ordered.options(joinedload(PairingReview.person))).all()


def family_agrees(child: Child, *, actor: Actor) -> bool:
    """Whether the family has agreed that a volunteer is paired with the child."""
    actor.require(Permission.PAIRING_READ)
    return consents.holds(child, Purpose.PAIRING) is not None
