"""A school that pairs, its head and its township who say yes, and how a pairing is made in one line."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.extensions import db
from portal.models.accounts import Person
from portal.models.pairings import Pairing
from portal.services import units
from portal.services.children import listing
from portal.services.pairings import agreeing, arranging
from portal.services.pairings.arranging import Arrangement
from portal.tenancy.actor import Actor
from portal.terms import PairingKind
from tests.acting import acting
from tests.factories.helping import World, build_world

TODAY = date(2025, 6, 30)


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app)


def propose(actor: Actor, world: World, child: Any, helper: Person, kind: PairingKind = PairingKind.VOLUNTEER,
            **changes: Any) -> Any:  # fmt: skip
    """Pair, or propose where the kind asks for two; committed."""
    asked = Arrangement(kind, **({"starts_on": TODAY} | changes))
    unit = units.get_unit(actor, world.place.school_a.code)
    found = listing.get_child(child.public_id, actor=actor)
    made = arranging.pair(found, actor=actor, unit=unit, helper=helper.public_id, arrangement=asked)
    db.session.commit()
    return made


def pair(app: Flask, world: World, child: Any, helper: Person, **changes: Any) -> uuid.UUID:
    """A pairing that two have agreed to, or one that needs no second yes; its id."""
    with acting(app, "coord") as actor:
        made = propose(actor, world, child, helper, **changes)
        key: uuid.UUID = made.public_id
        if isinstance(made, Pairing):
            return key
    return agree(app, key)


def agree(app: Flask, proposal: uuid.UUID, *, by: str = "head") -> uuid.UUID:
    """The second yes; the pairing's id."""
    with acting(app, by) as actor:
        made = agreeing.agree(agreeing.get_proposal(proposal, actor=actor), actor=actor)
        db.session.commit()
        return made.public_id
