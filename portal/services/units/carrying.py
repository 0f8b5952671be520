"""Carrying over: what goes along when a unit is merged or split, and what stays where it happened.

Every class with a unit's key stands in exactly one of the three lists below; a test sees to it, so that a
new room decides what a 撤并 does to its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import selectinload

from portal.extensions import db
from portal.models.accounts import Person
from portal.models.children import (
    Alarm,
    Child,
    ClassPost,
    FileMatch,
    IdentityClaim,
    Placement,
    SchoolClass,
    Transfer,
)
from portal.models.pairings import Pairing, PairingProposal
from portal.models.registers import ImportBatch
from portal.models.volunteers import (
    Vetting,
    Volunteer,
    VolunteerApplication,
    VolunteerAppraisal,
    VolunteerTraining,
)
from portal.services.children.files import rewrite_standing
from portal.services.units.journal import Journal
from portal.tenancy.memberships import Membership
from portal.tenancy.units import Unit
from portal.terms import ImportState, MatchState, PairingState, Side, TransferState, UnitKind

CHUNK = 200


@dataclass(frozen=True)
class Follows:
    """Rows of a class that get the new unit: those live on the day. `key` names the two columns."""

    cls: type[Any]
    is_live: Callable[[date], ColumnElement[bool]]
    key: tuple[str, str] = ("unit_id", "township_id")

    def rows(self, unit: Unit, on: date) -> Any:
        """The query of the rows that go along."""
        return select(self.cls).where(getattr(self.cls, self.key[0]) == unit.id, self.is_live(on))


_STAT = ("stat_unit_id", "stat_township_id")
_GIVER, _RECEIVER = ("from_unit_id", "from_town_id"), ("to_unit_id", "to_town_id")
_UNSETTLED = (MatchState.OPEN, MatchState.HALF)

FOLLOWS = {
    "memberships": Follows(Membership, lambda on: Membership.valid_until > on),
    "people": Follows(Person, lambda on: true()),
    "volunteers": Follows(Volunteer, lambda on: true()),
    "vettings": Follows(Vetting, lambda on: true()),
    "trainings": Follows(VolunteerTraining, lambda on: true()),
    "appraisals": Follows(VolunteerAppraisal, lambda on: true()),
    "applications": Follows(VolunteerApplication, lambda on: true()),
    "pairings": Follows(Pairing, lambda on: Pairing.ends_on > on, key=_STAT),
    "proposed": Follows(PairingProposal, lambda on: PairingProposal.state == PairingState.OPEN, key=_STAT),
    "offers": Follows(Transfer, lambda on: Transfer.state == TransferState.OFFERED, key=_RECEIVER),
    "own_offers": Follows(Transfer, lambda on: Transfer.state == TransferState.OFFERED, key=_GIVER),
    "matches": Follows(FileMatch, lambda on: FileMatch.state.in_(_UNSETTLED), key=_RECEIVER),
    "own_matches": Follows(FileMatch, lambda on: FileMatch.state.in_(_UNSETTLED), key=_GIVER),
    "alarms": Follows(Alarm, lambda on: Alarm.closed_on.is_(None), key=_STAT),
    "batches": Follows(ImportBatch, lambda on: ImportBatch.state.in_(
        (ImportState.READING, ImportState.PREVIEWED))),
}  # fmt: skip
"""Go along with a merge: whoever works there now, and what is still open."""

BY_HAND = {
    "Child": "one side of hers is the unit: she goes on at the new one",
    "Placement": "ends on the day and goes on at the new unit, marked as carried",
    "Standing": "derived anew from the placements",
    "ClassPost": "ends with its class and goes on at the one that goes on for it",
    "SchoolClass": "ends on the day and goes on at the new school, so that last year's enrolment stays",
    "IdentityClaim": "the new unit keeps the file",
}
STAYS = {
    "AuditEntry": "who did what at which unit is never rewritten",
    "FileLook": "who opened which file at which unit is never rewritten",
    "ClassCareRep": "ends with its class; the one that goes on for it chooses its own",
    "Census": "the county's own; its lists say which unit they were of",
    "CensusList": "signed at the old unit; an open one is worked through where it was opened",
    "ChangeSheet": "a closed figure never changes",
    "ChildEvent": "happened where it happened",
    "CountyRules": "the county's own",
    "FrozenRoster": "the roster of that day at that unit",
    "GroupDecision": "the old unit's meeting decided it",
    "GroupMeeting": "was held by the old unit's group",
    "Job": "done work of the old unit; waiting work belongs to a membership, which goes along",
    **dict.fromkeys(
        ("LeadershipGroup", "LeadershipPost", "MemberUnit"),
        "the old unit's group; the new one has its own, and only open units are counted",
    ),
    "Submission": "a return belongs to the unit that owed it",
    "UnitChange": "the history of the unit itself",
    "UnitSpell": "the history of the unit itself",
    "Visit": "counts where it happened",
    **dict.fromkeys(("WorkPlan", "WorkPlanItem", "WorkTarget"), "what the old unit meant to do"),
    **dict.fromkeys(
        ("PupilCell", "ReachCell", "StandingCell", "VisitCell"), "cells follow their facts by trigger"
    ),
}


def side_of_kind(unit: Unit) -> Side:
    """The side on which children hang on a leaf unit."""
    return Side.SCHOOL if unit.kind is UnitKind.SCHOOL else Side.VILLAGE


def children_of(unit: Unit) -> ColumnElement[bool]:
    """The children who live or are enrolled at a leaf unit, or in a township by residence."""
    if unit.kind is UnitKind.TOWNSHIP:
        found: ColumnElement[bool] = Child.v_town_id == unit.id
    else:
        found = (Child.s_unit_id if unit.kind is UnitKind.SCHOOL else Child.v_unit_id) == unit.id
    return found


def carry_rows(journal: Journal, old: Unit, new: Unit, on: date) -> dict[str, int]:
    """Give the rows of FOLLOWS to the new unit; how many of each."""
    counted = {}
    for name, rule in FOLLOWS.items():
        rows = db.session.scalars(rule.rows(old, on)).all()
        for row in rows:
            journal.change(row, **dict(zip(rule.key, (new.id, new.township_id), strict=True)))
        counted[name] = len(rows)
    return counted


def carry_children(
    journal: Journal, old: Unit, new: Unit, on: date, only: Collection[int] | None = None
) -> list[int]:
    """Let children of a leaf unit go on at another from `on`; their ids. `only` names them for a split.

    The standing is derived anew by `restand`, after the flush.
    """
    side = side_of_kind(old)
    at = select(Placement.child_id).where(
        Placement.stat_unit_id == old.id, Placement.side == side, Placement.until > on
    )
    ids = sorted({*db.session.scalars(at), *db.session.scalars(select(Child.id).where(children_of(old)))})
    if only is not None:
        ids = [one for one in ids if one in only]
    for child in _loaded(ids):
        for placement in list(child.placements):
            if placement.side is side and placement.stat_unit_id == old.id and placement.until > on:
                _carry_placement(journal, child, placement, new, on)
        name = "school" if side is Side.SCHOOL else "village"
        if getattr(child, f"{name}_id") == old.id:
            if side is Side.SCHOOL:
                journal.change(child, class_id=None)
            values = {f"{name}_id": new.id, f"{name}_township_id": new.township_id}
            journal.change(child, **values)
    _carry_claims(journal, old, new, ids if only is not None else None)
    return ids


def _carry_placement(journal: Journal, child: Child, placement: Placement, new: Unit, on: date) -> None:
    if placement.since >= on:
        journal.change(placement, stat_unit_id=new.id, stat_township_id=new.township_id)
        return
    until = placement.until
    journal.change(placement, until=on)
    journal.make(
        Placement(child=child, side=placement.side, stat_unit=new, since=on, until=until, carried=True)
    )


def _carry_claims(journal: Journal, old: Unit, new: Unit, ids: Sequence[int] | None) -> None:
    claims = select(IdentityClaim).where(IdentityClaim.unit_id == old.id)
    if ids is not None:
        claims = claims.where(
            IdentityClaim.id_no_index.in_(select(Child.id_no_index).where(Child.id.in_(ids)))
        )
    for claim in db.session.scalars(claims):
        journal.change(claim, unit_id=new.id, township_id=new.township_id)


def carry_classes(
    journal: Journal, old: Unit, new: Unit, on: date, only: Collection[int] | None = None
) -> int:
    """Let the classes of a school go on at another: ended here, opened there, enrolment as it is.

    A class whose name the other school has already is told apart by the old school's name.
    """
    rows = select(SchoolClass).where(SchoolClass.unit_id == old.id, SchoolClass.until > on)
    there = select(SchoolClass.name).where(SchoolClass.unit_id == new.id, SchoolClass.until > on)
    taken = set(db.session.scalars(there))
    moved = [row for row in db.session.scalars(rows) if only is None or row.id in only]
    for row in moved:
        name = f"{row.name}（{old.name}）"[:40] if row.name in taken else row.name
        if row.since >= on:
            journal.change(row, unit_id=new.id, township_id=new.township_id, name=name)
            _seat(journal, row, row)  # its posts follow by their key
            continue
        until = row.until
        journal.change(row, until=on)
        made = journal.make(
            SchoolClass(
                unit=new, grade=row.grade, name=name, pupils=row.pupils, compulsory=row.compulsory,
                since=on, until=until,
            )
        )  # fmt: skip
        db.session.flush()
        _seat(journal, row, made)
        _carry_posts(journal, row, made, on)
    return len(moved)


def _seat(journal: Journal, old: SchoolClass, new: SchoolClass) -> None:
    """The children who came over from a class sit in the one that goes on for it."""
    for child in journal.touched(Child):
        if journal.before(child, "class_id") == old.id and child.school_id == new.unit_id:
            journal.change(child, class_id=new.id)


def _carry_posts(journal: Journal, old: SchoolClass, new: SchoolClass, on: date) -> None:
    """Whoever holds the class goes on holding it, by the same membership."""
    live = select(ClassPost).where(ClassPost.class_id == old.id, ClassPost.until > on)
    for post in db.session.scalars(live).all():
        if post.since >= on:
            values = {"class_id": new.id, "unit_id": new.unit_id, "township_id": new.township_id}
            journal.change(post, **values)
            continue
        until = post.until
        journal.change(post, until=on)
        journal.make(
            ClassPost(unit=new.unit, class_id=new.id, membership_id=post.membership_id, since=on, until=until)
        )


def restand(ids: Sequence[int]) -> None:
    """Derive the standing of these children anew from their placements."""
    for child in _loaded(ids):
        rewrite_standing(child)
    db.session.flush()


def _loaded(ids: Sequence[int]) -> Iterator[Child]:
    for start in range(0, len(ids), CHUNK):
        yield from db.session.scalars(
            select(Child)
            .where(Child.id.in_(ids[start : start + CHUNK]))
            .options(
                selectinload(Child.parents),
                selectinload(Child.absences),
                selectinload(Child.guardianships),
                selectinload(Child.placements).joinedload(Placement.stat_unit),
                selectinload(Child.standings),
            )
        ).all()


def count_children(unit: Unit) -> int:
    """How many children hang on the unit."""
    return db.session.scalar(select(func.count()).select_from(Child).where(children_of(unit))) or 0
