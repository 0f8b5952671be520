"""Taking a roster in: what each accepted row would make new, change or leave, and doing it once."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.models.children import Absence, Child, ChildNote, Guardianship, IdentityClaim, Parent, Placement
from portal.services.children.classes import Classes, classes_of
from portal.services.children.files import after_change
from portal.services.children.notes import health_differs, note_health
from portal.services.registers.livelihood import read_livelihood
from portal.services.registers.records import ParentFacts, RosterRow
from portal.services.registers.status import status_of
from portal.tenancy.columns import FOREVER
from portal.tenancy.keys import keyring
from portal.tenancy.names import person_name_key
from portal.tenancy.units import Unit
from portal.terms import Assessment, ParentRole, RefusalReason, RowOutcome, Schooling, Side, UnitKind

CHUNK = 200
"""Rows looked up and written together; also the step of the progress bar and of the commits."""

_SCHOOLING = {
    "未入园": Schooling.NOT_YET,
    "幼儿园": Schooling.KINDERGARTEN,
    "小学": Schooling.PRIMARY,
    "初中": Schooling.JUNIOR,
    "高中": Schooling.SENIOR,
    "中职": Schooling.VOCATIONAL,
    "特教": Schooling.SPECIAL,
    "辍学": Schooling.DROPPED_OUT,
    "不在学": Schooling.NOT_IN_SCHOOL,
}
_ASSESSMENT = {"较好": Assessment.GOOD, "一般": Assessment.FAIR, "差": Assessment.POOR}


@dataclass(frozen=True)
class Verdict:
    """What one row came to. `changes` names the changed fields, `where` the unit that has the file."""

    row: int
    name: str
    outcome: RowOutcome
    reason: RefusalReason | None = None
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    where: str = ""


@dataclass
class Intake:
    """The outcome of a whole roster."""

    verdicts: list[Verdict] = field(default_factory=list)
    status: dict[str, int] = field(default_factory=lambda: {"wide": 0, "official": 0, "both_away": 0})

    def count(self, outcome: RowOutcome) -> int:
        return sum(verdict.outcome is outcome for verdict in self.verdicts)


def take_in(
    session: Session,
    rows: Sequence[RosterRow],
    *,
    unit: Unit,
    as_of: date,
    write: bool,
    after_chunk: Callable[[int], None] = lambda done: None,
) -> Intake:
    """Run every row against the files of the county; with `write` the accepted ones are filed.

    Children are found by the blind index of their ID number, so a second run changes nothing. A child on
    file with a unit outside the session's scope is refused with that unit's name. `after_chunk` is told
    how many rows are done; the caller commits there (a killed import simply runs again).
    """
    intake, classes = Intake(), classes_of(session, unit, on=as_of)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        known = _known(session, chunk, unit.county_id)
        claims = _claims(session, chunk, unit.county_id)
        for row in chunk:
            intake.verdicts.append(_take(session, row, unit, as_of, known, claims, classes, write))
            if intake.verdicts[-1].outcome is not RowOutcome.REFUSED:
                _count_status(intake, row, as_of)
        if write:
            session.flush()
        after_chunk(start + len(chunk))
    return intake


def _index(row: RosterRow, county_id: int) -> str:
    return keyring.index(row.id_no, county_id=county_id)


def _known(session: Session, rows: Sequence[RosterRow], county_id: int) -> dict[str | None, Child]:
    wanted = [_index(row, county_id) for row in rows if row.reason is None]
    found = session.scalars(
        select(Child)
        .where(Child.county_id == county_id, Child.id_no_index.in_(wanted))
        .options(
            selectinload(Child.parents),
            selectinload(Child.absences),
            selectinload(Child.guardianships),
            selectinload(Child.placements).joinedload(Placement.stat_unit),
            selectinload(Child.standings),
            selectinload(Child.reviews),
            selectinload(Child.alarms),
            selectinload(Child.emergency_contacts),
            selectinload(Child.notes).undefer(ChildNote.text_sealed),
        )
    )
    return {child.id_no_index: child for child in found}


def _claims(session: Session, rows: Sequence[RosterRow], county_id: int) -> dict[str, str]:
    wanted = [_index(row, county_id) for row in rows if row.reason is None]
    found = session.scalars(
        select(IdentityClaim)
        .where(IdentityClaim.county_id == county_id, IdentityClaim.id_no_index.in_(wanted))
        .options(joinedload(IdentityClaim.unit))
    )
    return {claim.id_no_index: claim.unit.name for claim in found}


def _take(
    session: Session,
    row: RosterRow,
    unit: Unit,
    as_of: date,
    known: dict[str | None, Child],
    claims: dict[str, str],
    classes: Classes,
    write: bool,
) -> Verdict:
    notes = tuple(row.notes)
    if row.reason is not None:
        return Verdict(row.row, row.name, RowOutcome.REFUSED, row.reason)
    index = _index(row, unit.county_id)
    child = known.get(index)
    if child is None and index in claims:
        elsewhere = RefusalReason.ON_FILE_ELSEWHERE
        return Verdict(row.row, row.name, RowOutcome.REFUSED, elsewhere, where=claims[index])
    if child is None:
        if write:
            known[index] = _file(session, row, unit, as_of, index, classes)
        return Verdict(row.row, row.name, RowOutcome.NEW, notes=notes)
    changes = _merge(child, row, unit, as_of, classes, write)
    outcome = RowOutcome.CHANGED if changes else RowOutcome.UNCHANGED
    return Verdict(row.row, row.name, outcome, changes=tuple(changes), notes=notes)


def _wanted(row: RosterRow) -> dict[str, object]:
    incomes, aids, remark = read_livelihood(row)
    return {
        "name": row.name,
        "name_key": person_name_key(row.name),
        "sex": row.sex,
        "birth_date": row.birth_date,
        "ethnicity": row.ethnicity,
        "hukou_registered": row.hukou_registered,
        "address": row.address,
        "schooling": _SCHOOLING.get(row.schooling),
        "grade": row.grade,
        "class_name": row.class_name,
        "boarding": row.boarding,
        "income_list": incomes,
        "aid_list": aids,
        "remark": remark,
    }


def _file(session: Session, row: RosterRow, unit: Unit, as_of: date, index: str, classes: Classes) -> Child:
    """Open the file of a child who is new to the county, as of the roster's day."""
    village: Unit = row.village
    child = Child(
        public_id=uuid.uuid4(),
        case_no=f"C{secrets.randbelow(10**9):09d}",
        county_id=unit.county_id,
        village=village,
        school=unit if unit.kind is UnitKind.SCHOOL else None,
        school_class=classes.find(row.grade, row.class_name),
        id_no_index=index,
        **_wanted(row),
    )
    child.id_no = row.id_no
    note_health(child, row.health, as_of=as_of)
    session.add(child)
    session.add(IdentityClaim(id_no_index=index, unit=unit))
    child.placements.append(Placement(side=Side.VILLAGE, stat_unit=village, since=as_of, until=FOREVER))
    if child.school is not None:
        child.placements.append(Placement(side=Side.SCHOOL, stat_unit=unit, since=as_of, until=FOREVER))
    for role, facts in _parents(row):
        child.parents.append(Parent(role=role, **_parent_values(row, role, facts)))
        if facts.away:
            child.absences.append(Absence(role=role, until=FOREVER, **_absence_values(facts)))
    if row.guardian.kind is not None:
        since = min([a.since for a in child.absences], default=as_of)
        child.guardianships.append(Guardianship(since=since, until=FOREVER, **_guardian_values(row)))
    after_change(child)
    return child


def _parents(row: RosterRow) -> tuple[tuple[ParentRole, ParentFacts], ...]:
    return ((ParentRole.FATHER, row.father), (ParentRole.MOTHER, row.mother))


def _parent_values(row: RosterRow, role: ParentRole, facts: ParentFacts) -> dict[str, object]:
    other = row.mother if role is ParentRole.FATHER else row.father
    stays_incapable = other.away and not facts.away and row.other_parent_capable is False
    return {"name": facts.name, "phone": facts.phone, "incapable": stays_incapable}


def _absence_values(facts: ParentFacts) -> dict[str, object]:
    return {"since": facts.since, "inside_county": facts.inside_county, "work_place": facts.place}


def _guardian_values(row: RosterRow) -> dict[str, object]:
    guardian = row.guardian
    return {
        "kind": guardian.kind,
        "group": guardian.word,
        "name": guardian.name,
        "relation": guardian.relation,
        "phone": guardian.phone,
        "birth_year": guardian.birth_year,
        "assessment": _ASSESSMENT.get(guardian.assessment),
    }


def _merge(child: Child, row: RosterRow, unit: Unit, as_of: date, classes: Classes, write: bool) -> list[str]:
    """Name what the row would change; with `write`, change it. A corrected fact replaces the old one, a
    new state of affairs ends the old one on the roster's day."""
    changes = _differing(child, _wanted(row))
    acts: list[Callable[[], None]] = [lambda: _assign(child, _wanted(row))] if changes else []
    if child.village_id != row.village.id:
        changes.append("village")
        acts.append(lambda: _move(child, Side.VILLAGE, row.village, as_of))
    if unit.kind is UnitKind.SCHOOL and child.school_id != unit.id:
        changes.append("school")
        acts.append(lambda: _move(child, Side.SCHOOL, unit, as_of))
    seat = classes.find(row.grade, row.class_name)
    if seat is not None and child.class_id != seat.id:
        changes += [] if "class_name" in changes else ["class_name"]
        acts.append(lambda: setattr(child, "school_class", seat))
    for role, facts in _parents(row):
        parent = next((p for p in child.parents if p.role is role), None)
        wanted = _parent_values(row, role, facts)
        if parent is None or _differing(parent, wanted):
            changes.append(role.value)
            acts.append(lambda role=role, wanted=wanted: _set_parent(child, role, wanted))  # type: ignore[misc]
        if _absence_differs(child, role, facts):
            changes.append(f"{role.value}_away")
            acts.append(lambda role=role, facts=facts: _set_absence(child, role, facts, as_of))  # type: ignore[misc]
    if row.guardian.kind is not None and _guardian_differs(child, row):
        changes.append("guardian")
        acts.append(lambda: _set_guardian(child, row, as_of))
    if health_differs(child, row.health):
        changes.append("health")
        acts.append(lambda: note_health(child, row.health, as_of=as_of))
    if write and acts:
        for act in acts:
            act()
        after_change(child)
    return [change for change in changes if change != "name_key"]


def _differing(kept: object, wanted: dict[str, object]) -> list[str]:
    """Fields in which the roster says something else; a blank in the roster says nothing."""
    return [
        name for name, value in wanted.items() if value not in (None, "", ()) and getattr(kept, name) != value
    ]


def _assign(kept: object, wanted: dict[str, object]) -> None:
    for name in _differing(kept, wanted):
        setattr(kept, name, wanted[name])


def _move(child: Child, side: Side, unit: Unit, as_of: date) -> None:
    for placement in child.placements:
        if placement.side is side and placement.until > as_of:
            placement.until = max(as_of, placement.since)
    child.placements[:] = [p for p in child.placements if p.until > p.since]
    child.placements.append(Placement(side=side, stat_unit=unit, since=as_of, until=FOREVER))
    if side is Side.VILLAGE:
        child.village = unit
    else:
        child.school = unit


def _set_parent(child: Child, role: ParentRole, wanted: dict[str, object]) -> None:
    parent = next((p for p in child.parents if p.role is role), None)
    if parent is None:
        child.parents.append(Parent(role=role, **wanted))
    else:
        _assign(parent, wanted)


def _open_absence(child: Child, role: ParentRole) -> Absence | None:
    return next((a for a in child.absences if a.role is role and a.until == FOREVER), None)


def _absence_differs(child: Child, role: ParentRole, facts: ParentFacts) -> bool:
    held = _open_absence(child, role)
    if held is None or not facts.away:
        return (held is not None) != facts.away
    return bool(_differing(held, _absence_values(facts))) or held.inside_county != facts.inside_county


def _set_absence(child: Child, role: ParentRole, facts: ParentFacts, as_of: date) -> None:
    held = _open_absence(child, role)
    if facts.away and held is not None:
        _assign(held, _absence_values(facts))
        held.inside_county = facts.inside_county
    elif facts.away:
        child.absences.append(Absence(role=role, until=FOREVER, **_absence_values(facts)))
    elif held is not None and held.since < as_of:
        held.until = as_of
    elif held is not None:
        child.absences.remove(held)


def _open_guardianship(child: Child) -> Guardianship | None:
    return next((g for g in child.guardianships if g.until == FOREVER), None)


def _guardian_differs(child: Child, row: RosterRow) -> bool:
    held = _open_guardianship(child)
    return held is None or bool(_differing(held, _guardian_values(row)))


def _set_guardian(child: Child, row: RosterRow, as_of: date) -> None:
    held = _open_guardianship(child)
    if held is not None and (held.kind is row.guardian.kind or held.since >= as_of):
        _assign(held, _guardian_values(row))
        return
    if held is not None:
        held.until = as_of
    child.guardianships.append(Guardianship(since=as_of, until=FOREVER, **_guardian_values(row)))


def _count_status(intake: Intake, row: RosterRow, as_of: date) -> None:
    """Status of an accepted row on the day, from the row's own facts."""
    for name in status_of(row, as_of):
        intake.status[name] += 1
