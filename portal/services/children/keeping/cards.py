"""Contact card (联系卡): whom to call about a child, confirmed with the family each term (domain C-03).

The card is printed from the file. Confirming it keeps a version: for which term, with whom, and the digest of
what it said, which tells whether the file has changed since. The code on it holds the case number alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ScalarSelect, Select, func, select, tuple_
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import Refused
from portal.extensions import db
from portal.models.children import Child, ContactCard, Guardianship, Parent, Standing
from portal.services import audit
from portal.services.children import covered
from portal.services.children.guardianship import current
from portal.services.children.keeping.around import Duty, around
from portal.services.children.listing import on_side, side_of
from portal.services.children.owning import own
from portal.services.pairings import reading
from portal.services.reports.periods import Period, term_of
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.terms import CardForm, FileField, GuardianKind, ParentRole, Witness

PAGE = 50
_OF_GUARDIAN = ("kind", "name", "relation", "phone", "occupation", "health", "birth_year", "address")


@dataclass(frozen=True)
class Line:
    """One line of a card: what it says, and a number to call."""

    label: Any
    words: str
    phone: str = ""


@dataclass(frozen=True)
class Card:
    """What a card says, in the groups in which it is printed, and how it was confirmed last."""

    child: Child
    form: CardForm
    groups: Sequence[tuple[Any, Sequence[Line]]]
    confirmed: ContactCard | None
    term: Period
    place: Sequence[str]
    """County and township."""
    changed: bool
    """Whether the file says something else than it did when the card was confirmed."""

    @property
    def is_valid(self) -> bool:
        """Whether it was confirmed for the term of today and still says the same."""
        return self.confirmed is not None and self.confirmed.period == self.term.code and not self.changed


def read_card(child: Child, *, actor: Actor, form: CardForm = CardForm.FULL) -> Card:
    """The card as this reader may see it: phones and address under her covers (portal.tenancy.masks)."""
    actor.require(Permission.CHILD_CARE_READ)
    audit.read(actor, "children:card:read", child=child, details={"form": form.value})
    last = next(iter(list_versions(child, actor=actor)), None)
    changed = last is not None and last.digest != digest(child)
    return Card(child, form, _groups(child, form, actor), last, term_of(today()), _place(child), changed)


def _place(child: Child) -> list[str]:
    keeper = child.school or child.village
    ids = [child.county_id, keeper.township_id] if keeper else [child.county_id]
    names = dict(db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids))).all())
    return [names[one] for one in dict.fromkeys(ids) if one in names]


def list_versions(child: Child, *, actor: Actor) -> Sequence[ContactCard]:
    """The confirmed versions of a child's card, newest first."""
    actor.require(Permission.CHILD_CARE_READ)
    query = select(ContactCard).where(ContactCard.child_id == child.id).order_by(ContactCard.version.desc())
    return db.session.scalars(query.options(joinedload(ContactCard.person))).all()


def confirm(child: Child, *, actor: Actor, confirmed_with: Witness, on: date) -> ContactCard:
    """Keep the next version of the card, gone through with father, mother or guardian on a day of this term.

    Raises NotFound for a child of another unit; Refused for another day, or with a guardian nobody wrote down.
    """
    actor.require(Permission.CHILD_CARD_EDIT)
    own(child, actor)
    day, term = today(), term_of(today())
    if on > day:
        raise Refused(_l("The day lies in the future."), field="on")
    if term_of(on) != term:
        raise Refused(_l("A card is confirmed anew each term. Choose a day of this term."), field="on")
    held = current(child)
    if confirmed_with is Witness.GUARDIAN and (held is None or held.kind is GuardianKind.NONE):
        raise Refused(_l("Write down first who cares for the child."), field="confirmed_with")
    versions = list_versions(child, actor=actor)
    made = ContactCard(child=child, version=versions[0].version + 1 if versions else 1, period=term.code,
                       confirmed_on=on, confirmed_with=confirmed_with, digest=digest(child),
                       person_id=actor.person_id)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "children:card:confirm", child=child,
                 details={"number": made.version, "witness": confirmed_with})  # fmt: skip
    return made


def digest(child: Child) -> str:
    """SHA-256 of what the full card says of the family: staff on duty may change without the family."""
    day, held = today(), current(child)
    said: list[Any] = [child.name, child.address, child.village_id]
    said += [getattr(held, name, None) for name in _OF_GUARDIAN]
    for role in ParentRole:
        parent = next((one for one in child.parents if one.role is role), None)
        away = next(
            (one for one in child.absences if one.role is role and one.since <= day < one.until), None
        )
        said += [getattr(parent, name, None) for name in ("name", "phone", "work_unit")]
        said += [getattr(away, name, None) for name in ("work_place", "work_address")]
    said += [[one.relation, one.name, one.phone] for one in child.emergency_contacts]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _groups(child: Child, form: CardForm, actor: Actor) -> list[tuple[Any, list[Line]]]:
    duty = around(child)
    groups = [
        (_l("The family"), _family(child, form, actor)),
        (_l("School"), _school(child, duty, form)),
        (_l("Village and town"), _village(child, duty, form)),
        (_l("Urgent"), _urgent(child, form, actor)),
    ]
    return [(title, lines) for title, lines in groups if lines]


def _phone(words: str, actor: Actor) -> str:
    return covered.show_field(FileField.GUARDIAN_PHONE, words, actor=actor).text


def _family(child: Child, form: CardForm, actor: Actor) -> list[Line]:
    held = current(child)
    lines = [Line(_l("Guardian"), _guardian(held, form), _phone(held.phone if held else "", actor))]
    if form is CardForm.FULL:
        lines.append(Line(_l("Lives at"), _address(child, held, actor)))
    lines += [
        Line(role.label, _parent(child, role, parent, form), _phone(parent.phone if parent else "", actor))
        for role in ParentRole
        for parent in [next((one for one in child.parents if one.role is role), None)]
    ]
    return lines


def _guardian(held: Guardianship | None, form: CardForm) -> str:
    if held is None:
        return ""
    who = " ".join(filter(None, [held.relation or held.group, held.name])) or str(held.kind.label)
    if form is CardForm.SHORT:
        return who
    age = str(_l("%(n)s years old", n=today().year - held.birth_year)) if held.birth_year else ""
    health = str(held.health.label) if held.health else ""
    return str(_l(", ")).join(filter(None, [who, age, held.occupation, health]))


def _address(child: Child, held: Guardianship | None, actor: Actor) -> str:
    words = (held.address if held else "") or child.address
    words = covered.show_field(FileField.ADDRESS, words, actor=actor).text
    return (child.village.name if child.village else "") + words


def _parent(child: Child, role: ParentRole, parent: Parent | None, form: CardForm) -> str:
    day = today()
    away = next((one for one in child.absences if one.role is role and one.since <= day < one.until), None)
    name = parent.name if parent else ""
    if form is CardForm.SHORT or away is None:
        return name
    work = "".join(filter(None, [away.work_place, away.work_address, parent.work_unit if parent else ""]))
    return "\n".join(filter(None, [name, work]))


def _people(label: Any, people: Sequence[Duty]) -> list[Line]:
    return [Line(label, one.name, one.phone) for one in people]


def _school(child: Child, duty: dict[Role, list[Duty]], form: CardForm) -> list[Line]:
    if child.school is None:
        return []
    first = Role.CLASS_TEACHER if Role.CLASS_TEACHER in duty else Role.SCHOOL_COORDINATOR
    helpers = _helpers(child, staff=True) if form is CardForm.FULL else []
    return _people(first.label, duty.get(first, [])[:1]) + _people(_l("Helping teacher"), helpers)


def _village(child: Child, duty: dict[Role, list[Duty]], form: CardForm) -> list[Line]:
    lines = []
    if form is CardForm.SHORT and child.village is not None:
        lines.append(Line(_l("Village"), child.village.name))
    lines += _people(Role.CHILD_DIRECTOR.label, duty.get(Role.CHILD_DIRECTOR, [])[:1])
    if form is CardForm.FULL:
        lines += _people(Role.TOWNSHIP_COORDINATOR.label, duty.get(Role.TOWNSHIP_COORDINATOR, [])[:1])
        lines += _people(Role.VOLUNTEER.label, _helpers(child, staff=False))
    return lines


def _helpers(child: Child, *, staff: bool) -> list[Duty]:
    live = (one for one in reading.list_of_child(child) if one.is_live_on(today()))
    return [Duty(one.helper.name, one.helper.phone) for one in live if one.kind.asks_family is not staff][:2]


def _urgent(child: Child, form: CardForm, actor: Actor) -> list[Line]:
    kin = child.emergency_contacts if form is CardForm.FULL else []
    lines = [
        Line(_l("Call next"), " ".join(filter(None, [one.relation, one.name])), _phone(one.phone, actor))
        for one in kin
    ]
    return [
        *lines,
        Line(_l("Police, ambulance"), "110 / 120"),
        Line(_l("Help line"), str(_l("12355 (service for the young)"))),
    ]


def _open(unit: Unit) -> Select[Any]:
    """The left-behind children of a unit whose card was not confirmed for the term of today."""
    day = today()
    done = select(ContactCard.child_id).where(ContactCard.period == term_of(day).code)
    counted = select(Standing.child_id).where(Standing.starts_on <= day, Standing.ends_on > day)
    return select(Child).where(
        on_side(Child, unit, side_of(unit)), Child.exited_on.is_(None), Child.archived_on.is_(None),
        Child.id.in_(counted), Child.id.not_in(done),
    )  # fmt: skip


def list_open(
    unit: Unit, *, actor: Actor, after: tuple[str, int] | None = None, limit: int = PAGE
) -> tuple[Sequence[Child], tuple[str, int] | None]:
    """The children whose card waits to be confirmed this term, by name, and the key of the next page."""
    actor.require(Permission.CHILD_CARE_READ, at=unit)
    query = _open(unit)
    if after is not None:
        query = query.where(tuple_(Child.name_key, Child.id) > after)
    rows = db.session.scalars(query.order_by(Child.name_key, Child.id).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], (last.name_key, last.id) if last else None


def waiting(unit: Unit, *, actor: Actor) -> ScalarSelect[int]:
    """How many cards wait to be confirmed this term."""
    actor.require(Permission.CHILD_CARE_READ, at=unit)
    return _open(unit).with_only_columns(func.count()).scalar_subquery()
