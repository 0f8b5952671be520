"""The estate of the access matrix: the world, a seat for every role, and a roster on its way in everywhere."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.pairings import Pairing
from portal.services.registers import batches
from portal.tenancy.masks import Mask
from portal.tenancy.permissions import GRANTS, Permission
from portal.tenancy.roles import Role
from portal.terms import FileField, UnitKind
from tests.acting import acting
from tests.factories import workbooks
from tests.factories.county import add_account, add_pairing, add_volunteer, give_class, writing
from tests.factories.world import DAY, ENDED, Canary, World, add_visit, build_world
from tests.permissions.seats import SEATS, Seat, seat_accounts
from tests.tenancy.viewers import SEES

BATCHES_AT = ("school_a", "village_a1", "school_b", "far")
OWN_NOTE = Canary(90)
"""What the volunteers of these tests have written themselves about their child."""


@dataclass
class Estate:
    """The application, its world, and what the requests name."""

    app: Flask
    world: World
    people: dict[str, Person]
    by_village: Pairing
    """The pairing of child a1 that her village arranged; `world.pairings["a1"]` is her school's."""
    spare: uuid.UUID
    """A volunteer of township a who could be paired with anybody there."""
    batches: dict[str, uuid.UUID] = field(default_factory=dict)
    rosters: dict[str, Canary] = field(default_factory=dict)
    notes: dict[str, uuid.UUID] = field(default_factory=dict)
    """Child → her sensitive note, which somebody else has written."""

    def visible(self, seat: Seat | None) -> set[str]:
        """The words of children that a seat may meet on its pages: everything else is a leak.

        Worked out from MASKS, so a page that shows more than the table says is found here.
        """
        if seat is None:
            return set()
        place = "class_teacher" if seat.role is Role.CLASS_TEACHER else seat.place
        own = [self.world.canaries[label] for label in self.sees(seat)]
        if Permission.CHILD_FILE_READ not in GRANTS[seat.role]:
            by_case = Permission.CHILD_MASKED_READ in GRANTS[seat.role] and seat.shows(
                FileField.NAME, Mask.NEVER
            )
            return {canary.case_no for canary in own} if by_case else set()
        words = {canary.name for canary in own} | {canary.guardian for canary in own}
        if seat.role is Role.VOLUNTEER:
            return words | {OWN_NOTE.note}
        words |= {
            word
            for canary in own
            for word in (canary.case_no, canary.note, canary.parent, canary.giver, canary.remark)
        }
        if seat.shows(FileField.GUARDIAN_PHONE, Mask.CLEAR):
            words |= {canary.phone for canary in own}
        if seat.shows(FileField.ADDRESS, Mask.CLEAR):
            words |= {canary.address for canary in own}
        if seat.shows(FileField.NOTE, Mask.PART):
            words |= {word for canary in own for word in (canary.summary, canary.help)}
        if Permission.ROSTER_IMPORT in GRANTS[seat.role]:
            words |= set(self.rosters[seat.place].words)
        return words | ({OWN_NOTE.note} if "a1" in SEES[place] else set())

    def sees(self, seat: Seat) -> set[str]:
        """The children in sight of a seat, by label."""
        if seat.role is Role.VOLUNTEER:
            return {"a1"}
        return SEES["class_teacher" if seat.role is Role.CLASS_TEACHER else seat.place]

    def uncovered(self, seat: Seat | None, endpoint: str) -> set[str]:
        """What one answer may carry besides: the number that is called, the field that was uncovered."""
        if seat is None or endpoint not in ("children.call", "children.reveal"):
            return set()
        return {self.world.canaries[label].phone for label in self.sees(seat)}

    @property
    def all_words(self) -> set[str]:
        """Every canary word of every child and roster."""
        found = [*self.world.canaries.values(), *self.rosters.values(), OWN_NOTE]
        return {word for canary in found for word in canary.words}


def build_estate(app: Flask) -> Estate:
    """Fill an empty migrated database; about a second."""
    with app.app_context():
        with writing() as session:
            world = build_world(session)
            people = seat_accounts(session, world.near)
            _give_the_class(session, world)
            for place in BATCHES_AT:
                _importer(session, world, place)
            spare = add_volunteer(session, world.near.town_a, name="备用").person.public_id
            estate = Estate(app, world, people, _pair(session, world, people), spare)
            estate.notes = {label: child.notes[0].public_id for label, child in world.children.items()}
        for number, place in enumerate(BATCHES_AT, start=50):
            estate.rosters[place] = Canary(number)
            estate.batches[place] = _bring(app, f"importer_{place}", Canary(number))
        db.session.remove()
    return estate


def _give_the_class(session: Session, world: World) -> None:
    """The class teacher's seat holds the class in which a1 sits; a2 sits in another of the same school."""
    teacher = session.scalars(select(User).where(User.username == "class_teacher_school")).one()
    give_class(session, teacher, world.classes[world.near.school_a.code])


def _importer(session: Session, world: World, place: str) -> None:
    unit = world.far.school_a if place == "far" else getattr(world.near, place)
    role = Role.SCHOOL_COORDINATOR if unit.kind is UnitKind.SCHOOL else Role.CHILD_DIRECTOR
    add_account(session, role, unit, f"importer_{place}")


def _pair(session: Session, world: World, people: dict[str, Person]) -> Pairing:
    """Every volunteer's seat is paired with a1 and was once paired with a2."""
    near, child = world.near, world.children["a1"]
    for seat in SEATS:
        if seat.role is Role.VOLUNTEER:
            person = people[seat.username]
            pairing = add_pairing(session, child, person, near.school_a)
            add_pairing(session, world.children["a2"], person, near.school_a, ends_on=ENDED)
            add_visit(session, child, person, near.school_a, note=OWN_NOTE.note, pairing=pairing)
    return add_pairing(session, child, world.helpers["home"], near.village_a1)


def _bring(app: Flask, username: str, canary: Canary) -> uuid.UUID:
    """A roster with one good and one bad row, read and waiting for its confirmation."""
    number = workbooks.id_number(date(2015, 5, 1), canary.number * 2)
    good = workbooks.child(
        姓名=canary.name, 出生日期="2015-05-01", 公民身份证号码=number, 现居住地="甲东村", 监护人电话=canary.phone
    )  # fmt: skip
    bad = good | {"姓名": canary.guardian, "公民身份证号码": canary.id_no}
    with acting(app, username) as actor:
        unit = batches.units.get_unit(actor, actor.unit.code)
        data = workbooks.roster([good, bad])
        batch = batches.receive(actor=actor, unit=unit, file_name="roster.xlsx", data=data, as_of=DAY)
        batches.read_batch(batch, actor=actor, progress=lambda done, total: None)
        assert batch.summary["refused"] >= 1, batch.summary
        db.session.commit()
        return batch.public_id
