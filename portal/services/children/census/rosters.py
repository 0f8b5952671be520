"""The frozen roster (花名册): what a list said on its day, kept as it was and printed years later."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import CensusLine, CensusList, Child, FrozenRoster, Standing
from portal.services import audit
from portal.services.children.census.opening import side_of_list
from portal.services.children.listing import guardians_of
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import Basis, LineVerdict, Sex


@dataclass(frozen=True)
class RosterPage:
    """A frozen roster opened: its head, and its rows as they were."""

    roster: FrozenRoster
    rows: list[dict[str, Any]]
    """case, name, sex, birth (month), class, village, both_away, guardian, relation."""


def count_open(census_list: CensusList) -> int:
    """Lines nobody has looked at yet."""
    lines = select(func.count()).select_from(CensusLine).where(CensusLine.list_id == census_list.id)
    return db.session.scalar(lines.where(CensusLine.verdict == LineVerdict.OPEN)) or 0


def freeze(census_list: CensusList) -> FrozenRoster:
    """Write the roster of the census's day: who was found, and counts as left-behind on its basis."""
    census, side = census_list.census, side_of_list(census_list)
    counts = [Standing.side == side, Standing.starts_on <= census.as_of, Standing.ends_on > census.as_of]
    if census.basis is Basis.OFFICIAL:
        counts.append(Standing.official.is_(True))
    found = db.session.execute(
        select(Child, Standing)
        .join(CensusLine, CensusLine.child_id == Child.id)
        .join(Standing, Standing.child_id == Child.id)
        .where(
            CensusLine.list_id == census_list.id,
            CensusLine.verdict.not_in([LineVerdict.REMOVED, LineVerdict.OPEN]),
            Standing.stat_unit_id == census_list.unit_id,
            *counts,
        )
        .order_by(Child.name_key, Child.id)
    ).all()
    guardians = guardians_of([child.id for child, _standing in found])
    rows = [_row(child, standing, guardians.get(child.id)) for child, standing in found]
    words = json.dumps(rows, ensure_ascii=False, sort_keys=True)
    room = census_list.school_class
    roster = FrozenRoster(
        public_id=uuid.uuid4(), unit=census_list.unit, county_id=census_list.county_id, list_id=census_list.id,
        side=side, basis=census.basis, as_of=census.as_of, count=len(rows), digest=_digest(words),
        title=f"{census_list.unit.name}{f' {room.name}' if room else ''}", signers=_signers(census_list),
    )  # fmt: skip
    db.session.add(roster)
    roster.rows = words
    db.session.flush()
    return roster


def _row(child: Child, standing: Standing, guardian: Any) -> dict[str, Any]:
    return {
        "case": child.case_no,
        "name": child.name,
        "sex": child.sex.value,
        "birth": child.birth_date.strftime("%Y-%m"),
        "class": child.class_name,
        "village": child.village.name if child.village else "",
        "both_away": standing.both_away,
        "guardian": guardian.name if guardian else "",
        "relation": (guardian.relation or guardian.group) if guardian else "",
    }


def _signers(census_list: CensusList) -> dict[str, str]:
    names = {
        "filled": (census_list.filled_by, census_list.filled_at),
        "checked": (census_list.checked_by, census_list.checked_at),
        "signed": (census_list.signed_by, census_list.signed_at),
    }
    found = {key: f"{who.name} {at:%Y-%m-%d}" for key, (who, at) in names.items() if who and at}
    return found | ({"entered_for": "1"} if census_list.entered_for else {})


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def read_roster(unit: Unit, list_id: uuid.UUID, *, actor: Actor) -> RosterPage:
    """The roster that a list was frozen as. Raises NotFound where none is, Refused for a broken seal."""
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    roster = db.session.scalars(
        select(FrozenRoster)
        .join(CensusList, FrozenRoster.list_id == CensusList.id)
        .where(CensusList.public_id == list_id, FrozenRoster.unit_id == unit.id)
        .options(undefer(FrozenRoster.rows_sealed))
    ).one_or_none()
    if roster is None:
        raise NotFound("roster")
    words = roster.rows or "[]"
    if _digest(words) != roster.digest:
        raise Refused(gettext("This roster is not as it was frozen. Tell the system administrator."))
    rows = json.loads(words)
    audit.read(
        actor, "children:roster:read", at=unit, subject=f"roster:{roster.public_id}",
        details={"children": len(rows), "as_of": roster.as_of}, each=True,
    )  # fmt: skip
    return RosterPage(roster, [row | {"sex": Sex(row["sex"]).label} for row in rows])
