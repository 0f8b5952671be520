"""Hand-over (交接): a person's open work at a unit goes to a successor on one day, in one step.

What was done stays hers: visits, ended pairings and credits keep their names and dates. Only what is
open moves: posts, pairings, classes and jobs that still wait. Rosters that wait for confirmation belong
to the unit, so the successor finds them without being moved.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.children import ClassPost
from portal.models.jobs import Job
from portal.models.pairings import Pairing
from portal.models.registers import ImportBatch
from portal.models.volunteers import Volunteer
from portal.services import audit
from portal.services.pairings import ending, limits
from portal.services.pairings.arranging import Arrangement
from portal.services.people import classes, codes, grants
from portal.tenancy.actor import Actor
from portal.tenancy.invites import may_grant
from portal.tenancy.memberships import Membership
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.terms import ImportState, JobState, LimitKind, PairingEnd

AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class OpenWork:
    """What would move, and what need not."""

    posts: list[Membership]
    pairings: list[Pairing]
    classes: list[ClassPost]
    jobs: list[Job]
    rosters: int
    """Workbooks of the unit that wait for confirmation."""
    arranged_elsewhere: int
    """Live pairings of hers that other units arranged: they decide about them."""

    @property
    def is_empty(self) -> bool:
        return not (self.posts or self.pairings or self.classes or self.jobs)


@dataclass(frozen=True)
class HandedOver:
    """How much moved; `code` is there for a successor who had no account."""

    posts: int
    pairings: int
    classes: int
    jobs: int
    heir: Person
    user: User
    code: codes.Code | None


def open_work(person: Person, *, unit: Unit, actor: Actor) -> OpenWork:
    """What a person has open at `unit`. Raises NotFound for somebody without a post the actor may give."""
    actor.require(Permission.PEOPLE_GOVERN, at=unit)
    posts = [one for one in _posts(person, unit) if may_grant(actor, one.role, unit)]
    if not posts or person.id == actor.person_id:
        raise NotFound("open work")
    live = _live_pairings(person)
    own = [one for one in live if one.stat_unit_id == unit.id]
    waiting = select(func.count()).select_from(ImportBatch).where(
        ImportBatch.unit_id == unit.id, ImportBatch.state == ImportState.PREVIEWED
    )  # fmt: skip
    taught, rosters = classes.posts_of(posts), db.session.scalar(waiting) or 0
    return OpenWork(posts, own, taught, _waiting_jobs(posts), rosters, len(live) - len(own))


def _posts(person: Person, unit: Unit) -> list[Membership]:
    query = (
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(User.person_id == person.id, Membership.unit_id == unit.id, Membership.valid_until > today())
    )
    return list(db.session.scalars(query.order_by(Membership.id)))


def _live_pairings(person: Person) -> list[Pairing]:
    query = select(Pairing).where(Pairing.helper_id == person.id, Pairing.ends_on > today())
    return list(db.session.scalars(query.options(joinedload(Pairing.child)).order_by(Pairing.id)))


def _waiting_jobs(posts: list[Membership]) -> list[Job]:
    ids = [one.id for one in posts]
    query = select(Job).where(Job.membership_id.in_(ids), Job.state == JobState.WAITING)
    return list(db.session.scalars(query.order_by(Job.id)))


def hand_over(
    person: Person, *, unit: Unit, actor: Actor, successor: uuid.UUID, on: date, username: str = ""
) -> HandedOver:
    """Move a person's open work at `unit` to `successor` from the day `on`; her posts end there.

    Raises Refused for a day out of reason and for a successor who cannot take the work: the same person,
    an administrator, or somebody who may not meet the children (roster, yearly check, limit).
    """
    work = open_work(person, unit=unit, actor=actor)
    day = today()
    if not day <= on <= day + AHEAD:
        raise Refused(_l("The day of the hand-over is today or within two months."), field="on")
    heir = _fit_successor(person, unit, successor, work, on)
    account = grants.account_of(heir) or grants.open_account(heir, username)
    code = codes.issue(actor, account) if account.awaits_code and not account.signed_in_at else None
    taken = {post.id: _take_post(actor, post, account, unit, on) for post in work.posts}
    classes.hand_on(work.classes, to=taken, on=on)
    for job in work.jobs if on == day else ():
        job.membership_id = taken[job.membership_id].id
    for pairing in work.pairings:
        _take_pairing(actor, pairing, heir, unit, on)
    db.session.flush()
    jobs = len(work.jobs) if on == day else 0
    moved = HandedOver(len(work.posts), len(work.pairings), len(work.classes), jobs, heir, account, code)
    audit.record(
        actor,
        "accounts:people:hand_over",
        at=unit,
        subject=f"person:{person.public_id}",
        details={"to": f"person:{heir.public_id}", "on": on.isoformat(), "posts": moved.posts,
                 "pairings": moved.pairings, "classes": moved.classes, "jobs": moved.jobs},
    )  # fmt: skip
    return moved


def _fit_successor(person: Person, unit: Unit, successor: uuid.UUID, work: OpenWork, on: date) -> Person:
    heir = db.session.scalars(
        select(Person).where(Person.public_id == successor, Person.county_id == unit.county_id)
    ).one_or_none()
    if heir is None or heir.id == person.id:
        raise Refused(_l("Choose the successor from the list."), field="successor")
    if heir.account_kind is not person.account_kind:
        raise Refused(
            _l("The three administrators are people of their own: nobody is one of them beside other work."),
            field="successor",
        )
    roles = {post.role for post in work.posts}
    checked = [one for one in work.pairings if one.kind.is_checked]
    if checked or Role.VOLUNTEER in roles:
        _check_volunteer(heir, checked, on)
    return heir


def _check_volunteer(heir: Person, checked: list[Pairing], on: date) -> None:
    volunteer = db.session.scalars(select(Volunteer).where(Volunteer.person_id == heir.id)).one_or_none()
    if volunteer is None or not volunteer.may_meet_children_on(on):
        raise Refused(
            _l("The successor must be a volunteer on the roster whose yearly check is valid."),
            field="successor",
        )
    limit = limits.limits_of(heir.county_id)[LimitKind.OTHER]
    held = limits.load_of(heir.county_id, heir.id, LimitKind.OTHER)
    if held + sum(1 for one in checked if one.kind.limit_kind is LimitKind.OTHER) > limit:
        raise Refused(
            _l("The successor would help more than %(n)s children; pair some of them anew first.", n=limit),
            field="successor",
        )  # fmt: skip


def _take_post(actor: Actor, post: Membership, account: User, unit: Unit, on: date) -> Membership:
    """The successor's post from `on`, to the same last day; hers if she holds the role here already."""
    held = db.session.scalars(
        select(Membership)
        .where(Membership.user_id == account.id, Membership.unit_id == unit.id, Membership.role == post.role)
        .where(Membership.valid_from <= on, Membership.valid_until > on)
        .limit(1)
    ).one_or_none()
    until = max(post.valid_until, on + timedelta(days=1))
    until = min(until, on + grants.LONGEST)
    grants.close(post, actor=actor, on=on, reason=str(_l("handed over to a successor")))
    return held or grants.add_post(actor, account, unit, post.role, on, until, post.department)


def _take_pairing(actor: Actor, pairing: Pairing, heir: Person, unit: Unit, on: date) -> None:
    """End it on the day and begin the successor's, unless she helps this child already."""
    twice = select(Pairing.id).where(
        Pairing.helper_id == heir.id, Pairing.child_id == pairing.child_id, Pairing.ends_on > on
    )
    if not db.session.scalars(twice.limit(1)).first():
        kept = asdict(Arrangement.of(pairing, starts_on=max(on, pairing.starts_on), helper_rank=None))
        kept |= {"ends_on": max(pairing.ends_on, on)}
        db.session.add(
            Pairing(
                public_id=uuid.uuid4(), child=pairing.child, helper=heir, stat_unit=unit,
                created_by_id=actor.user_id, follows_id=pairing.id, **kept,
            )
        )  # fmt: skip
    ending.leave(pairing, on=on, reason=PairingEnd.HANDED_OVER)
