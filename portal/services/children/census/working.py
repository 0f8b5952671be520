"""Working through a list of the census: unchanged, corrected, added, taken off with a reason."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ScalarSelect, Select, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload, undefer

from portal.config import now, today
from portal.errors import NotFound, PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import CensusLine, CensusList, Child, Guardianship
from portal.services import audit
from portal.services.children.census.opening import belonging, new_line, on_file
from portal.services.children.listing import guardians_of
from portal.services.children.standing import UNDER
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import CensusState, LineVerdict, RemovalReason, Sex, UnitKind

PAGE = 100
MOST_FOUND = 60


@dataclass(frozen=True)
class Found:
    """A child somebody found for whom there is no file yet: who is missing, in a line."""

    key: str
    name: str
    sex: str
    birth: str
    note: str
    on: str

    @property
    def born(self) -> date:
        return date.fromisoformat(self.birth)

    @property
    def sex_label(self) -> object:
        return Sex(self.sex).label


@dataclass(frozen=True)
class WorkLine:
    """One child on a list."""

    child: Child
    age: int
    """On the day of the census."""
    line: CensusLine | None
    """None: filed since, on no line yet."""
    guardian: Guardianship | None


@dataclass(frozen=True)
class ListPage:
    """A list as the page shows it: the children by name, what is counted, who is missing."""

    lines: list[WorkLine]
    unlisted: list[WorkLine]
    """Children of the place who were filed or came since and stand on no line."""
    total: int
    open: int
    found: list[Found]
    next_key: tuple[str, int] | None
    may_work: bool


def get_list(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> CensusList:
    """A list of this unit inside the actor's scope. Raises NotFound for any other."""
    found = db.session.scalars(
        select(CensusList)
        .where(CensusList.public_id == public_id, CensusList.unit_id == unit.id)
        .options(
            undefer(CensusList.found_sealed),
            joinedload(CensusList.census),
            joinedload(CensusList.unit),
            joinedload(CensusList.school_class),
            joinedload(CensusList.filled_by),
            joinedload(CensusList.checked_by),
            joinedload(CensusList.signed_by),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("census list")
    actor.require(Permission.CENSUS_READ, at=unit)
    return found


def read_list(census_list: CensusList, *, actor: Actor, after: tuple[str, int] | None = None) -> ListPage:
    """One page of a list, with names: for who keeps these children's files.

    Raises PermissionDenied where the reader may see numbers only.
    """
    actor.require(Permission.CHILD_LIST_READ, at=census_list.unit)
    query = select(Child, CensusLine, *_counts(census_list)).join(CensusLine, CensusLine.child_id == Child.id)
    query = query.where(CensusLine.list_id == census_list.id).options(joinedload(Child.village))
    if after is not None:
        query = query.where(tuple_(Child.name_key, Child.id) > after)
    rows = db.session.execute(query.order_by(Child.name_key, Child.id).limit(PAGE + 1)).all()
    unlisted = db.session.scalars(_unlisted(census_list).limit(PAGE)).all() if after is None else []
    guardians = guardians_of([child.id for child, *_rest in rows[:PAGE]] + [child.id for child in unlisted])
    day = census_list.census.as_of

    def shown(child: Child, line: CensusLine | None) -> WorkLine:
        return WorkLine(child, child.age_on(day), line, guardians.get(child.id))

    return ListPage(
        lines=[shown(child, line) for child, line, _total, _open in rows[:PAGE]],
        unlisted=[shown(child, None) for child in unlisted],
        total=rows[0][2] if rows else 0,
        open=rows[0][3] if rows else 0,
        found=found_of(census_list),
        next_key=(rows[PAGE - 1][0].name_key, rows[PAGE - 1][0].id) if len(rows) > PAGE else None,
        may_work=may_work(census_list, actor=actor),
    )


def _counts(census_list: CensusList) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """How many lines the list has, and how many of them nobody has looked at."""
    line = aliased(CensusLine)
    lines = select(func.count(line.id)).where(line.list_id == census_list.id)
    return lines.scalar_subquery(), lines.where(line.verdict == LineVerdict.OPEN).scalar_subquery()


def _unlisted(census_list: CensusList) -> Select[Child]:
    listed = select(CensusLine.child_id).where(CensusLine.list_id == census_list.id)
    place = (*belonging(census_list), *on_file(census_list.census.as_of))
    unlisted = select(Child).where(*place, Child.id.not_in(listed)).options(joinedload(Child.village))
    return unlisted.order_by(Child.name_key, Child.id)


def found_of(census_list: CensusList) -> list[Found]:
    """Who was found and has no file yet, in the order of finding."""
    return [Found(**one) for one in json.loads(census_list.found or "[]")]


def may_work(census_list: CensusList, *, actor: Actor) -> bool:
    """Whether the actor may write into the list now: its own people, or the township that enters for a
    village."""
    open_now = census_list.state is CensusState.TO_DO and census_list.census.closed_at is None
    return open_now and is_worker(census_list, actor=actor)


def is_worker(census_list: CensusList, *, actor: Actor) -> bool:
    """Whether the list is the actor's to fill: her own unit's, or one her township has taken over (代报)."""
    if actor.can(Permission.CENSUS_FILL, census_list.unit):
        return True
    governs = actor.unit.kind is UnitKind.TOWNSHIP and actor.can(Permission.CENSUS_GOVERN, census_list.unit)
    return governs and census_list.entered_for


def require_work(census_list: CensusList, *, actor: Actor) -> None:
    """Raises PermissionDenied for others, Refused once somebody has signed or the census is closed."""
    if not is_worker(census_list, actor=actor):
        raise PermissionDenied("this list is filled in by its own class or village")
    if census_list.census.closed_at is not None:
        raise Refused(_l("This census is closed."))
    if census_list.state is not CensusState.TO_DO:
        raise Refused(_l("The list is filled in and signed: have it sent back first."))


def mark(
    census_list: CensusList,
    child_id: uuid.UUID,
    *,
    actor: Actor,
    verdict: LineVerdict,
    reason: RemovalReason | None = None,
    note: str = "",
) -> CensusLine:
    """Write down what was found of one child. ADDED takes a child of the place onto the list who was filed
    since; OPEN takes an entry back.

    Raises NotFound for a child who is not of this list, Refused without the reason or the words needed.
    """
    require_work(census_list, actor=actor)
    if verdict is LineVerdict.REMOVED and reason is None:
        raise Refused(_l("Choose why the child is taken off."), field="reason")
    if verdict is LineVerdict.CORRECTED and not note:
        raise Refused(_l("Write what is different from the file."), field="note")
    child, line = _find(census_list, child_id, adds=verdict is LineVerdict.ADDED)
    line.verdict, line.note = verdict, note
    line.reason = reason if verdict is LineVerdict.REMOVED else None
    line.person_id, line.at = (None, None) if verdict is LineVerdict.OPEN else (actor.person_id, now())
    db.session.flush()
    audit.record(
        actor, "children:census:mark", at=census_list.unit, child=child, details={"verdict": verdict.value}
    )
    return line


def _find(census_list: CensusList, child_id: uuid.UUID, *, adds: bool) -> tuple[Child, CensusLine]:
    found = db.session.execute(
        select(Child, CensusLine)
        .join(CensusLine, CensusLine.child_id == Child.id)
        .where(CensusLine.list_id == census_list.id, Child.public_id == child_id)
    ).one_or_none()
    if found is not None:
        return found[0], found[1]
    child = db.session.scalars(_unlisted(census_list).where(Child.public_id == child_id)).one_or_none()
    if child is None or not adds:
        raise NotFound("child on this list")
    return child, new_line(census_list, child)


def confirm_rest(census_list: CensusList, seen: Sequence[uuid.UUID], *, actor: Actor) -> int:
    """Confirm the open ones among the children the reader had before her eyes; how many."""
    require_work(census_list, actor=actor)
    lines = db.session.scalars(
        select(CensusLine)
        .join(Child, CensusLine.child_id == Child.id)
        .where(
            CensusLine.list_id == census_list.id, CensusLine.verdict == LineVerdict.OPEN,
            Child.public_id.in_(list(seen)[:PAGE]),
        )
    ).all()  # fmt: skip
    for line in lines:
        line.verdict, line.person_id, line.at = LineVerdict.CONFIRMED, actor.person_id, now()
    db.session.flush()
    audit.record(
        actor, "children:census:confirm", at=census_list.unit,
        subject=f"census_list:{census_list.public_id}", details={"lines": len(lines)},
    )  # fmt: skip
    return len(lines)


def note_found(
    census_list: CensusList, *, actor: Actor, name: str, sex: Sex, birth_date: date, note: str = ""
) -> Found:
    """Write down a child who was found and has no file here, until she is filed.

    Raises Refused for a day of birth that cannot be, or one that is sixteen or older.
    """
    require_work(census_list, actor=actor)
    day = census_list.census.as_of
    if birth_date > day or day.year - birth_date.year > UNDER:
        raise Refused(
            _l("The census is of children under sixteen: look at the day of birth."), field="birth_date"
        )
    held = found_of(census_list)
    if len(held) >= MOST_FOUND:
        raise Refused(_l("File the children found so far first."))
    if any((one.name, one.birth) == (name, birth_date.isoformat()) for one in held):
        raise Refused(_l("This child is written down already."), field="name")
    one = Found(str(uuid.uuid4()), name, sex.value, birth_date.isoformat(), note, today().isoformat())
    _keep(census_list, [*held, one], actor)
    return one


def withdraw_found(census_list: CensusList, key: str, *, actor: Actor) -> None:
    """Strike a found child: filed by now, or an error. Raises NotFound for an unknown key."""
    require_work(census_list, actor=actor)
    held = found_of(census_list)
    left = [one for one in held if one.key != key]
    if len(left) == len(held):
        raise NotFound("found child")
    _keep(census_list, left, actor)


def _keep(census_list: CensusList, held: list[Found], actor: Actor) -> None:
    census_list.found = json.dumps([asdict(one) for one in held], ensure_ascii=False) if held else None
    census_list.found_count = len(held)
    db.session.flush()
    audit.record(
        actor, "children:census:found", at=census_list.unit,
        subject=f"census_list:{census_list.public_id}", details={"found": len(held)},
    )  # fmt: skip
