"""Two files that may be of one child (疑似重档): finding them in the whole county, and what both keepers say.

A unit sees its own file only. So the search runs in a job with the county's scope and writes down which
facts are alike, never what they are; and two files become one only when both keepers say so.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased, selectinload

from portal.config import now
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child, FileMatch, Guardianship
from portal.services import audit
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import MatchState, UnitKind

SHOWN = 100


@dataclass(frozen=True)
class MatchPage:
    """A pair as one reader sees it: the files she may open, what is alike, whose answer is missing."""

    match: FileMatch
    first: Child | None
    """The file kept by `from_unit`; None where the reader does not see it."""
    second: Child | None
    may_answer: bool
    mine: bool | None
    """What the reader's unit has said."""
    may_undo: bool


def find_matches(*, actor: Actor) -> list[FileMatch]:
    """Look through every live file of the county; the new pairs.

    Same name and day of birth, or the same name and the guardian's phone; a name is the same, too, where
    only its characters differ and not their sound. Twins share birth and phone, never the name.
    For a job in the county's scope.
    """
    actor.require(Permission.CENSUS_GOVERN)
    known = {
        tuple(sorted(row))
        for row in db.session.execute(select(FileMatch.from_child_id, FileMatch.to_child_id))
    }
    found: list[FileMatch] = []
    for (one, other), alike in sorted(_pairs().items()):
        if (one, other) not in known:
            found.append(_write(one, other, alike))
    db.session.flush()
    audit.record(actor, "children:match:find", details={"found": len(found)})
    return found


def _pairs() -> dict[tuple[int, int], dict[str, bool]]:
    """Pairs of live files by id, with what is alike."""
    first, second = aliased(Child), aliased(Child)
    pairs = select(first.id, second.id, first.name == second.name, first.birth_date == second.birth_date)
    pairs = pairs.join(second, (second.county_id == first.county_id) & (second.name_key == first.name_key))
    pairs = pairs.where(first.id < second.id, *_live(first), *_live(second))
    one, other = aliased(Guardianship), aliased(Guardianship)
    phones = (one.phone != "", one.phone == other.phone, one.until == FOREVER, other.until == FOREVER)
    by_phone = (
        pairs.join(one, one.child_id == first.id).join(other, other.child_id == second.id).where(*phones)
    )
    found: dict[tuple[int, int], dict[str, bool]] = {}
    for rows, phone in (
        (db.session.execute(pairs.where(first.birth_date == second.birth_date)), False),
        (db.session.execute(by_phone), True),
    ):
        for a, b, name, birth in rows:
            held = found.get((a, b), {})
            same_phone = phone or held.get("same_phone", False)
            found[a, b] = {"same_name": name, "same_birth": birth, "same_phone": same_phone}
    return found


def _live(child: type[Child]) -> tuple[ColumnElement[bool], ...]:
    return (child.exited_on.is_(None), child.archived_on.is_(None))


def _write(one: int, other: int, alike: dict[str, bool]) -> FileMatch:
    first, second = db.session.get_one(Child, one), db.session.get_one(Child, other)
    ends = _ends(first, second)
    match = FileMatch(
        public_id=uuid.uuid4(), from_child_id=first.id, to_child_id=second.id, county_id=first.county_id,
        keeps_from=_keeps_first(first, second), **alike,
    )  # fmt: skip
    match.from_unit, match.to_unit = ends
    db.session.add(match)
    return match


def _ends(first: Child, second: Child) -> tuple[Unit, Unit]:
    """The two units that answer: one that keeps both files answers alone, else each file's own."""
    mine = [unit for unit in (first.school, first.village) if unit is not None]
    theirs = [unit for unit in (second.school, second.village) if unit is not None]
    shared = next((unit for unit in mine if unit in theirs), None)
    return (shared, shared) if shared is not None else (mine[0], theirs[0])


def _keeps_first(first: Child, second: Child) -> bool:
    """The file with a verified number stays, then the one with more sides, then the elder one."""

    def weight(child: Child) -> tuple[bool, int]:
        return (child.id_no_index is not None, (child.village_id is not None) + (child.school_id is not None))

    return weight(first) >= weight(second)


def list_matches(unit: Unit, *, actor: Actor) -> Sequence[FileMatch]:
    """The pairs one of whose files is kept at or below `unit`, the unanswered first."""
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    end = "town_id" if unit.kind is UnitKind.TOWNSHIP else "unit_id"
    at = or_(getattr(FileMatch, f"from_{end}") == unit.id, getattr(FileMatch, f"to_{end}") == unit.id)
    waits = FileMatch.state.in_([MatchState.OPEN, MatchState.HALF]).desc()
    found = select(FileMatch).where(at).order_by(waits, FileMatch.id.desc()).limit(SHOWN)
    return db.session.scalars(
        found.options(selectinload(FileMatch.from_unit), selectinload(FileMatch.to_unit))
    ).all()


def get_match(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> FileMatch:
    """A pair of this unit. Raises NotFound for any other."""
    match = next((one for one in _of(unit, public_id)), None)
    if match is None:
        raise NotFound("match")
    actor.require(Permission.CHILD_LIST_READ, at=unit)
    return match


def _of(unit: Unit, public_id: uuid.UUID) -> Sequence[FileMatch]:
    found = db.session.scalars(select(FileMatch).where(FileMatch.public_id == public_id)).all()
    places = {"town_id" if unit.kind is UnitKind.TOWNSHIP else "unit_id"}
    return [
        one for one in found for end in places
        if unit.id in (getattr(one, f"from_{end}"), getattr(one, f"to_{end}"))
    ]  # fmt: skip


def read_match(match: FileMatch, *, actor: Actor) -> MatchPage:
    """What the reader may see of a pair: the files inside her scope, and what is alike."""
    seen = {
        child.id: child
        for child in db.session.scalars(
            select(Child)
            .where(Child.id.in_([match.from_child_id, match.to_child_id]))
            .options(selectinload(Child.village), selectinload(Child.school))
        )
    }
    keeper = actor.unit.id in (match.from_unit_id, match.to_unit_id) and actor.can(Permission.CENSUS_FILL)
    mine = match.from_says if actor.unit.id == match.from_unit_id else match.to_says
    waiting = match.state in (MatchState.OPEN, MatchState.HALF)
    return MatchPage(
        match=match,
        first=seen.get(match.from_child_id),
        second=seen.get(match.to_child_id),
        may_answer=keeper and waiting and mine is None,
        mine=mine if keeper else None,
        may_undo=keeper and match.state is MatchState.JOINED,
    )


def answer(match: FileMatch, *, actor: Actor, same: bool) -> bool:
    """Say for one's own unit whether it is one child; whether both have now said yes.

    Raises NotFound for who keeps neither file, Refused once it is settled or this unit has answered.
    """
    actor.require(Permission.CENSUS_FILL)
    ends = [end for end in ("from", "to") if getattr(match, f"{end}_unit_id") == actor.unit.id]
    if not ends:
        raise NotFound("match")
    if match.state not in (MatchState.OPEN, MatchState.HALF):
        raise Refused(_l("This pair is settled already."))
    if getattr(match, f"{ends[0]}_says") is not None:
        raise Refused(_l("Your unit has answered already; the other one is asked now."))
    for end in ends:
        setattr(match, f"{end}_says", same)
    match.state, match.answered_at = (MatchState.HALF if same else MatchState.APART), now()
    db.session.flush()
    audit.record(actor, "children:match:answer", subject=f"match:{match.public_id}", details={"same": same})
    return agreed(match)


def agreed(match: FileMatch) -> bool:
    """Whether both keepers have said: one child."""
    return match.state is MatchState.HALF and bool(match.from_says) and bool(match.to_says)


def ask_to_part(match: FileMatch, *, actor: Actor) -> None:
    """Ask for two joined files to be taken apart; the job of `joining.undo` does it.

    Raises NotFound for who keeps neither file, Refused where they are not joined.
    """
    actor.require(Permission.CENSUS_FILL)
    if actor.unit.id not in (match.from_unit_id, match.to_unit_id):
        raise NotFound("match")
    if match.state is not MatchState.JOINED:
        raise Refused(_l("Only two files that were joined can be taken apart."))
    audit.record(actor, "children:match:part", subject=f"match:{match.public_id}")
