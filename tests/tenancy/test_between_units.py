"""An act between two units begins at the one that acts, whichever wall looks at it."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.errors import ScopeError
from portal.models.children import Transfer
from portal.tenancy.units import Unit
from portal.terms import Sex, Side, TransferReason, TransferState
from tests.factories.world import World
from tests.tenancy.alone import READERS
from tests.tenancy.viewers import scope_for


def _offer(session: Session, world: World, giver: Unit, receiver: Unit) -> None:
    session.add(Transfer(
        public_id=uuid.uuid4(), child_id=world.children["a1"].id, side=Side.SCHOOL, case_no="T1", name="雀",
        sex=Sex.MALE, birth_year=2015, reason=next(iter(TransferReason)), effective_on=date(2025, 6, 30),
        state=TransferState.OFFERED, person_id=world.helpers["a1"].id, county_id=giver.county_id,
        from_unit_id=giver.id, from_town_id=giver.township_id,
        to_unit_id=receiver.id, to_town_id=receiver.township_id,
    ))  # fmt: skip


@pytest.mark.parametrize("walls", READERS)
@pytest.mark.parametrize("viewer", ["town_a", "school_a"])
def test_nobody_begins_an_act_for_another_unit(world: World, viewer: str, walls: str) -> None:
    with READERS[walls](scope_for(viewer, world)) as session:
        _offer(session, world, world.near.school_b, world.near.school_a)
        with pytest.raises(ScopeError):
            session.flush()


@pytest.mark.parametrize("walls", READERS)
@pytest.mark.parametrize("viewer", ["town_a", "school_a"])
def test_the_unit_that_acts_begins_it(world: World, viewer: str, walls: str) -> None:
    with READERS[walls](scope_for(viewer, world)) as session:
        _offer(session, world, world.near.school_a, world.near.school_b)
        session.flush()
