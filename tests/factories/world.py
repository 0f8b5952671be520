"""A world for the walls: two counties, children with unmistakable words, an account for every role."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.extensions import db
from portal.models.accounts import Person
from portal.models.audit import AuditEntry
from portal.models.children import Child, ChildNote, ClassPost, SchoolClass
from portal.models.pairings import Pairing
from portal.models.visits import Visit
from portal.tenancy.columns import FOREVER
from portal.tenancy.keys import keyring
from portal.tenancy.names import person_name_key
from portal.tenancy.roles import Role
from portal.tenancy.scope import Level, Scope, enter
from portal.tenancy.units import Unit
from portal.terms import NoteKind, VisitKind
from tests.factories.county import (
    County,
    add_account,
    add_child,
    add_class,
    add_consent,
    add_pairing,
    add_person,
    build_county,
    give_class,
)

DAY = date(2025, 6, 30)
ENDED = date(2025, 5, 1)


@dataclass(frozen=True)
class Canary:
    """Words that stand in one child's rows and nowhere else."""

    number: int

    @property
    def name(self) -> str:
        return "雀" + "".join("零壹贰叁肆伍陆柒捌玖"[int(digit)] for digit in f"{self.number:02d}")

    @property
    def case_no(self) -> str:
        return f"CANARY-{self.number:04d}"

    @property
    def id_no(self) -> str:
        return f"99000120150501{self.number:04d}"

    @property
    def phone(self) -> str:
        return f"100-7700-{self.number:04d}"

    @property
    def address(self) -> str:
        return f"雀巢路{self.number:04d}号"

    @property
    def health(self) -> str:
        return f"雀恙{self.number:04d}"

    @property
    def summary(self) -> str:
        return f"雀要{self.number:04d}"

    @property
    def help(self) -> str:
        return f"雀助{self.number:04d}"

    @property
    def remark(self) -> str:
        return f"雀注{self.number:04d}"

    @property
    def note(self) -> str:
        return f"雀语{self.number:04d}"

    @property
    def giver(self) -> str:
        return f"雀允{self.number:04d}"

    @property
    def parent(self) -> str:
        return f"雀母{self.number:04d}"

    @property
    def guardian(self) -> str:
        return f"雀祖{self.number:04d}"

    @property
    def sensitive(self) -> tuple[str, ...]:
        """What a volunteer never sees, not even of her own child."""
        return (
            *self.sealed, self.id_no, self.id_no[6:], self.address, self.remark, self.parent, self.giver,
            self.case_no,
        )  # fmt: skip

    @property
    def sealed(self) -> tuple[str, ...]:
        """The words of her sensitive note."""
        return (self.health, self.summary, self.help)

    @property
    def words(self) -> tuple[str, ...]:
        return (self.name, self.phone, self.note, self.guardian, *self.sensitive)


@dataclass
class World:
    """Two counties of the same shape, `near` and `far`, with the same children in each."""

    near: County
    far: County
    children: dict[str, Child] = field(default_factory=dict)
    """`near` labels: a1 a2 b1 b2 (village and the school of its township), a1b (village a1, school b),
    home (village a1, no school), boarder (school b, no village), and `far` for the other county's."""
    canaries: dict[str, Canary] = field(default_factory=dict)
    helpers: dict[str, Person] = field(default_factory=dict)
    pairings: dict[str, Pairing] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    """By the code of the unit, and `other`: the second class of school a."""
    posts: dict[str, ClassPost] = field(default_factory=dict)
    """`teacher` and `former`."""


def build_world(session: Session) -> World:
    """Children in every corner, each with a visit, a pairing and a canary; nobody can sign in yet."""
    world = World(build_county(session, "990001", "试县"), build_county(session, "990002", "邻县"))
    near, far = world.near, world.far
    places = {
        "a1": (near.village_a1, near.school_a), "a2": (near.village_a2, near.school_a),
        "b1": (near.village_b1, near.school_b), "b2": (near.village_b2, near.school_b),
        "a1b": (near.village_a1, near.school_b), "home": (near.village_a1, None),
        "boarder": (None, near.school_b), "far": (far.village_a1, far.school_a),
    }  # fmt: skip
    for number, (label, (village, school)) in enumerate(places.items(), start=1):
        _settle(session, world, label, Canary(number), village, school)
    for leaf in (*near.leaves, *far.leaves):
        world.classes[leaf.code] = add_class(session, leaf)
    _seat_and_teach(session, world)
    return world


def _seat_and_teach(session: Session, world: World) -> None:
    """a1 sits in 3年级1班, which the class teacher holds, a2 in another class of the same school; the
    former teacher held b1's class."""
    near = world.near
    world.classes["other"] = add_class(session, near.school_a, "4年级1班")
    for label, key in (("a1", near.school_a.code), ("a2", "other"), ("b1", near.school_b.code)):
        world.children[label].school_class = world.classes[key]
    for name, label, unit in (("teacher", "a2", near.school_a), ("former", "b2", near.school_b)):
        person = world.helpers[label]
        user = add_account(session, Role.CLASS_TEACHER, unit, f"world_{name}", person=person)
        until = ENDED if name == "former" else FOREVER
        world.posts[name] = give_class(session, user, world.classes[unit.code], until=until)
    for child in world.children.values():
        session.refresh(child)


def _settle(
    session: Session, world: World, label: str, canary: Canary, village: Unit | None, school: Unit | None
) -> None:
    unit = school or village
    assert unit is not None, "a child has a side"
    child = add_child(session, village=village, school=school, name=canary.name)
    dress(child, canary)
    helper = add_person(session, unit, f"帮{label}")
    add_consent(session, child, helper, giver_name=canary.giver)
    pairing = add_pairing(session, child, helper, unit)
    world.children[label], world.canaries[label] = child, canary
    world.helpers[label], world.pairings[label] = helper, pairing
    world.visits[label] = add_visit(session, child, helper, unit, note=canary.note, pairing=pairing)


def dress(child: Child, canary: Canary) -> None:
    """Write the canary into every field of the child's file that holds words."""
    child.name, child.name_key, child.case_no = canary.name, person_name_key(canary.name), canary.case_no
    child.address, child.remark = canary.address, canary.remark
    note = ChildNote(kind=NoteKind.HEALTH, since=date(2025, 1, 1), until=FOREVER)
    child.notes.append(note)
    note.text, note.summary, note.how_to_help = canary.health, canary.summary, canary.help
    child.id_no = canary.id_no
    child.id_no_index = keyring.index(canary.id_no, county_id=child.county_id)
    for guardianship in child.guardianships:
        guardianship.name, guardianship.phone = canary.guardian, canary.phone
    for parent in child.parents:
        parent.name, parent.phone = canary.parent, canary.phone


def audit_line(unit: Unit) -> AuditEntry:
    """A line that no chain holds: for the walls, which do not read hashes."""
    return AuditEntry(
        unit_id=unit.id, township_id=unit.township_id, county_id=unit.county_id, seq=1, at=datetime(2025, 6, 30),
        action="test", subject="", details={}, hash="",
    )  # fmt: skip


def add_visit(
    session: Session,
    child: Child,
    person: Person,
    unit: Unit,
    *,
    note: str = "",
    pairing: Pairing | None = None,
    happened_on: date = date(2025, 6, 20),
) -> Visit:
    """A talk that left somebody worried."""
    visit = Visit(
        public_id=uuid.uuid4(),
        entry_id=uuid.uuid4(),
        child=child,
        kind=VisitKind.TALK,
        happened_on=happened_on,
        minutes=20,
        note=note,
        worry=True,
        person_id=person.id,
        role=Role.VOLUNTEER,
        pairing=pairing,
        stat_unit=unit,
    )
    session.add(visit)
    session.flush()
    return visit


@contextmanager
def inside(scope: Scope | None) -> Iterator[Session]:
    """A session behind the wall, as a request of this scope has one; nothing is committed for it."""
    session = db.session.session_factory()
    try:
        if scope is not None:
            enter(session, scope)
        yield session
    finally:
        session.close()


def teacher_scope(post: ClassPost, *, day: date = DAY) -> Scope:
    """The scope of the class teacher who holds (or held) a post."""
    return Scope(Level.CLASS, post.unit_id, post.county_id, day=day, membership_id=post.membership_id)


def scope_of(place: Unit | Person, *, county: Unit, day: date = DAY) -> Scope:
    """The scope of somebody who acts at a unit, or of a volunteer."""
    if isinstance(place, Person):
        return Scope(Level.VOLUNTEER, place.id, county.id, day=day)
    levels = {"county": Level.COUNTY, "township": Level.TOWNSHIP}
    return Scope(levels.get(place.kind.value, Level.UNIT), place.id, county.id)
