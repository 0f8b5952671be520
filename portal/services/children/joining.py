"""Two files of one child become one, and are taken apart again. In the county's scope, by a job.

One file stays. It takes over from the other what it lacks (a side, a class, facts) and the whole history:
contacts, pairings, notes, events. The other ends as MERGED. Every change of a row is written down in the
match, so that undoing is putting each back; nothing is deleted.
"""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm.attributes import set_committed_value

from portal.config import now, today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child, ChildEvent, FileMatch, Placement
from portal.services import audit
from portal.services.children.files import after_change
from portal.services.children.matches import agreed
from portal.services.units.journal import Journal, differences, take_back
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.scoped import STAMPS, AboutChild, scoped_classes
from portal.terms import EventKind, ExitKind, MatchState, Side

STAYS = frozenset({"standing", "placement", "file_look", "census_line", "parent", "emergency_contact",
                   "absence", "guardianship", "guardian_assessment", "care_agreement"})  # fmt: skip
"""Tables whose rows do not simply go over: derived, append-only, of a list, or taken where there are none."""

IF_NONE = ("parent", "emergency_contact", "absence", "guardianship")
"""Family facts that go over where the file that stays has none of the table."""

OF_GUARDIAN = ("guardian_assessment", "care_agreement")
FILLED = ("ethnicity", "hukou_registered", "hukou_place", "phone", "address", "household_no", "siblings",
          "schooling", "grade", "class_name", "boarding")  # fmt: skip
"""Fields that go over where the file that stays has nothing."""


def plan(match: FileMatch) -> None:
    """Write the preview into a new pair: how many rows of which table would go over, and no name."""
    keeper, other = _files(match)
    match.moved = {"plan": dict(Counter(row.__tablename__ for row in _rows_to_move(keeper, other)))}
    db.session.flush()


def join(public_id: uuid.UUID, *, actor: Actor) -> FileMatch:
    """Carry a joining out after looking again that both said yes and both files are still kept up.

    Raises NotFound for an unknown pair, Refused where something has changed since.
    """
    actor.require(Permission.CENSUS_FILL)
    match = _get(public_id)
    keeper, other = _files(match)
    if not agreed(match) or keeper.exited_on is not None or other.exited_on is not None:
        raise Refused(_l("Something has changed since both answered: look at the pair again."))
    journal = Journal()
    _take_sides(journal, keeper, other)
    db.session.flush()
    db.session.refresh(keeper)
    rows = [*_rows_to_move(keeper, other), *_placements_to_move(journal, keeper, other)]
    for row in rows:
        row.child = keeper
    journal.change(other, exited_on=today(), exit_kind=ExitKind.MERGED, archived_on=today(), class_id=None)
    number = _take_number(keeper, other)
    db.session.flush()
    _write_event(keeper, actor)
    _restand(keeper, other)
    match.state, match.joined_at = MatchState.JOINED, now()
    match.moved = journal.as_json() | {
        "number": number,
        "rows": dict(Counter(row.__tablename__ for row in rows)),
        "went": [[row.__tablename__, row.id] for row in rows],
    }
    db.session.flush()
    audit.record(
        actor, "children:match:join", at=match.from_unit, subject=f"match:{match.public_id}",
        details={"case": keeper.case_no, "other": other.case_no, "rows": len(rows)},
    )  # fmt: skip
    return match


def undo(public_id: uuid.UUID, *, actor: Actor) -> FileMatch:
    """Take a joining apart: every row goes back to where it was.

    Raises Refused where one of those rows has been changed since; then the two are parted by hand.
    """
    actor.require(Permission.CENSUS_FILL)
    match = _get(public_id)
    if match.state is not MatchState.JOINED or match.moved is None:
        raise Refused(_l("Only two files that were joined can be taken apart."))
    keeper, other = _files(match)
    rows = _went(match)
    if differences(match.moved) or any(row is None or row.child_id != keeper.id for row in rows):
        raise Refused(_l("Facts of this child have changed since: correct the two files by hand."))
    if match.moved["number"]:
        _give_number_back(keeper, other)
    for row in rows:
        row.child = other
    db.session.flush()
    db.session.expire_all()
    take_back({"changed": match.moved["changed"], "made": []})
    keeper, other = _files(match)
    _restand(keeper, other)
    match.state, match.undone_at = MatchState.UNDONE, now()
    db.session.flush()
    audit.record(
        actor, "children:match:undo", at=match.from_unit, subject=f"match:{match.public_id}",
        details={"case": keeper.case_no, "other": other.case_no},
    )  # fmt: skip
    return match


def _get(public_id: uuid.UUID) -> FileMatch:
    match = db.session.scalars(select(FileMatch).where(FileMatch.public_id == public_id)).one_or_none()
    if match is None:
        raise NotFound("match")
    return match


def _files(match: FileMatch) -> tuple[Child, Child]:
    """The file that stays and the one that ends."""
    first = db.session.get(Child, match.from_child_id)
    second = db.session.get(Child, match.to_child_id)
    if first is None or second is None:
        raise NotFound("file of a match")
    return (first, second) if match.keeps_from else (second, first)


def _take_sides(journal: Journal, keeper: Child, other: Child) -> None:
    """The village, school and class the keeper lacks, and the fields it has nothing in."""
    if keeper.village_id is None and other.village_id is not None:
        journal.change(keeper, village_id=other.village_id, village_township_id=other.village_township_id)
    if keeper.school_id is None and other.school_id is not None:
        journal.change(keeper, school_id=other.school_id, school_township_id=other.school_township_id)
    if keeper.class_id is None and other.class_id is not None and keeper.school_id == other.school_id:
        journal.change(keeper, class_id=other.class_id)
    for name in FILLED:
        if getattr(keeper, name) in (None, "") and getattr(other, name) not in (None, ""):
            journal.change(keeper, **{name: getattr(other, name)})


def _placements_to_move(journal: Journal, keeper: Child, other: Child) -> list[Placement]:
    """Stays on a side the keeper never had go over; the others end today, so that nobody counts twice."""
    has = {one.side for one in _of(Placement, keeper)}
    stays: list[Placement] = _of(Placement, other)
    for one in stays:
        if one.side in has and one.since < today() < one.until:
            journal.change(one, until=today())
    return [one for one in stays if one.side not in has]


def _rows_to_move(keeper: Child, other: Child) -> list[Any]:
    moving: list[Any] = []
    for cls in scoped_classes(AboutChild):
        table = cls.__tablename__  # type: ignore[attr-defined]
        if table in STAYS or cls.append_only:
            continue
        moving += [row for row in _of(cls, other) if not _collides(row, keeper)]
    guardians: set[int] = set()
    for cls in scoped_classes(AboutChild):
        if cls.__tablename__ in IF_NONE and not _of(cls, keeper):  # type: ignore[attr-defined]
            rows = _of(cls, other)
            moving += rows
            guardians |= {row.id for row in rows if row.__tablename__ == "guardianship"}
    for cls in scoped_classes(AboutChild):
        if cls.__tablename__ in OF_GUARDIAN:  # type: ignore[attr-defined]
            moving += [row for row in _of(cls, other) if row.guardianship_id in guardians]
    return moving


def _went(match: FileMatch) -> list[Any]:
    """The rows that went over, None for one that is gone."""
    classes = {cls.__tablename__: cls for cls in scoped_classes(AboutChild)}  # type: ignore[attr-defined]
    return [db.session.get(classes[table], key) for table, key in (match.moved or {})["went"]]


def _of(cls: Any, child: Child) -> list[Any]:
    return list(db.session.scalars(select(cls).where(cls.child_id == child.id).order_by(cls.id)))


def _collides(row: Any, keeper: Child) -> bool:
    """Whether a key of the table leaves room for one such row of a child only, and the keeper has it."""
    for key in type(row).__table__.constraints:
        names = [column.name for column in key.columns] if isinstance(key, UniqueConstraint) else []
        if "child_id" in names:
            rest = [name for name in names if name != "child_id"]
            cls = type(row)
            same = [getattr(cls, name) == getattr(row, name) for name in rest]
            if db.session.scalars(select(cls.id).where(cls.child_id == keeper.id, *same)).first() is not None:
                return True
    return False


def _take_number(keeper: Child, other: Child) -> bool:
    """The ID number goes over where the keeper has none; the seal is bound to its file and made anew."""
    if keeper.id_no_index is not None or other.id_no_index is None:
        return False
    number, index = other.id_no, other.id_no_index
    other.id_no_index, other.id_no = None, None
    db.session.flush()
    keeper.id_no, keeper.id_no_index = number, index
    return True


def _give_number_back(keeper: Child, other: Child) -> None:
    number, index = keeper.id_no, keeper.id_no_index
    keeper.id_no_index, keeper.id_no = None, None
    db.session.flush()
    other.id_no, other.id_no_index = number, index
    db.session.flush()


def _write_event(keeper: Child, actor: Actor) -> None:
    """两份档案合并, in the history of the file that stays."""
    stamps = {stamp: getattr(keeper, stamp) for stamp in STAMPS}
    unit = keeper.school or keeper.village
    event = ChildEvent(
        public_id=uuid.uuid4(), child_id=keeper.id, **stamps, kind=EventKind.MERGED, happened_on=today(),
        side=Side.SCHOOL if keeper.school else Side.VILLAGE, person_id=actor.person_id, stat_unit=unit,
    )  # fmt: skip
    set_committed_value(event, "child", keeper)
    db.session.add(event)
    db.session.flush()


def _restand(*children: Child) -> None:
    db.session.expire_all()
    for child in children:
        after_change(child)
    db.session.flush()
