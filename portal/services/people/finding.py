"""Finding people: the posts of a unit, a person's page, and looking somebody up before she is entered."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from portal.config import today
from portal.errors import NotFound
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.services.people import classes
from portal.services.people.phones import phone_digits
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.invites import may_grant, may_second
from portal.tenancy.memberships import Membership
from portal.tenancy.names import name_matches
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.terms import PostShow, PostState, UnitKind

PAGE = 50
ENDS_SOON = timedelta(days=30)
SILENT = timedelta(days=90)
"""A grant that nobody used for so long is looked at again every month."""


@dataclass(frozen=True)
class Post:
    """One grant as a colleague reads it."""

    membership: Membership
    person: Person
    user: User
    unit: Unit
    state: PostState
    ends_soon: bool
    is_silent: bool
    is_mine: bool
    """The reader may end it, extend it and hand it over."""
    waits_for_me: bool
    """The reader may be the second person."""
    granted_by: str = ""
    approved_by: str = ""
    ended_by: str = ""
    classes: tuple[str, ...] = ()
    """Names of the classes a class teacher holds."""

    @property
    def last_day(self) -> date:
        return self.membership.valid_until - timedelta(days=1)

    @property
    def has_end(self) -> bool:
        return self.membership.valid_until < FOREVER

    @property
    def was_held(self) -> bool:
        """Whether it lasted a day at least."""
        return self.membership.valid_from < self.membership.valid_until


@dataclass(frozen=True)
class PostPage:
    """One page of posts and the key of the next one, if there is more."""

    posts: list[Post]
    next_key: tuple[str, int] | None


@dataclass(frozen=True)
class PersonFile:
    """A person with every post of hers that the reader reaches, live ones first."""

    person: Person
    posts: list[Post]
    accounts: list[User]
    phone_is_open: bool

    @property
    def open_roles(self) -> list[Role]:
        return [post.membership.role for post in self.posts if post.state is not PostState.ENDED]

    @property
    def last_sign_in(self) -> datetime | None:
        return max((one.signed_in_at for one in self.accounts if one.signed_in_at), default=None)


def list_posts(
    unit: Unit,
    *,
    actor: Actor,
    show: PostShow = PostShow.LIVE,
    below: bool = False,
    search: str = "",
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
) -> PostPage:
    """One page by name: the posts at `unit`, or with `below` at it and everywhere under it."""
    actor.require(Permission.PEOPLE_READ, at=unit)
    query = _posts().where(_at(unit, below), _shown(show))
    if search:
        query = query.where(matches(search))
    if after is not None:
        query = query.where(tuple_(Person.name_key, Membership.id) > after)
    rows = db.session.execute(query.order_by(Person.name_key, Membership.id).limit(limit + 1)).all()
    posts = [_post(actor, *row) for row in rows[:limit]]
    last = posts[-1] if len(rows) > limit else None
    return PostPage(posts, (last.person.name_key, last.membership.id) if last else None)


def count_posts(unit: Unit, *, actor: Actor, below: bool = False) -> dict[PostShow, int]:
    """How many posts each list has."""
    actor.require(Permission.PEOPLE_READ, at=unit)
    counts = [func.count().filter(_shown(show)) for show in PostShow]
    row = db.session.execute(
        select(*counts)
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(_at(unit, below))
    ).one()
    return dict(zip(PostShow, row, strict=True))


def get_person(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> PersonFile:
    """Somebody who has or had a post at `unit`, or belongs to it. Raises NotFound."""
    actor.require(Permission.PEOPLE_READ, at=unit)
    person = db.session.scalars(
        select(Person).where(Person.public_id == public_id).options(joinedload(Person.unit))
    ).one_or_none()
    if person is None:
        raise NotFound("person")
    by, yes, end = aliased(Person), aliased(Person), aliased(Person)
    query = _with_names(_posts().where(Person.id == person.id), by, yes, end)
    order = (Membership.valid_until.desc(), Membership.id.desc())
    posts = _with_classes([_post(actor, *row) for row in db.session.execute(query.order_by(*order))])
    if person.unit_id != unit.id and all(post.unit.id != unit.id for post in posts):
        raise NotFound("person")
    accounts = list({post.user.id: post.user for post in posts}.values())
    return PersonFile(person, posts, accounts, any(post.is_mine for post in posts))


def _with_classes(posts: list[Post]) -> list[Post]:
    held = classes.posts_of(post.membership for post in posts)
    return [
        replace(
            post,
            classes=tuple(one.school_class.name for one in held if one.membership_id == post.membership.id),
        )
        for post in posts
    ]


def get_post(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> Post:
    """One grant at `unit`. Raises NotFound."""
    actor.require(Permission.PEOPLE_READ, at=unit)
    query = _posts().where(Membership.public_id == public_id, Membership.unit_id == unit.id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound("post")
    return _post(actor, *row)


def search_people(
    unit: Unit, *, actor: Actor, search: str, without: Collection[int] = (), limit: int = 20
) -> list[Person]:
    """Everybody of the county whose name or phone is as typed, so that nobody is entered twice."""
    actor.require(Permission.PEOPLE_GOVERN, at=unit)
    if not search:
        return []
    query = select(Person).where(Person.county_id == unit.county_id, matches(search))
    if without:
        query = query.where(Person.id.not_in(without))
    query = query.options(joinedload(Person.unit)).order_by(Person.name_key, Person.id)
    return list(db.session.scalars(query.limit(limit)))


def find_in_county(unit: Unit, public_id: uuid.UUID, *, actor: Actor) -> Person | None:
    """A person of the county, chosen from a search."""
    actor.require(Permission.PEOPLE_GOVERN, at=unit)
    return db.session.scalars(
        select(Person)
        .where(Person.public_id == public_id, Person.county_id == unit.county_id)
        .options(joinedload(Person.unit))
    ).one_or_none()


def matches(typed: str) -> ColumnElement[bool]:
    """As typed: a name, its pinyin or initials, a whole phone number or at least its last four digits."""
    digits = phone_digits(typed)
    if digits:
        return Person.phone_key.endswith(digits, autoescape=True) if len(digits) >= 4 else false()
    return name_matches(Person.name, Person.name_key, typed)


def _posts() -> Any:
    return (
        select(Membership, Person, User, Unit)
        .join(User, User.id == Membership.user_id)
        .join(Person, Person.id == User.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
    )


def _with_names(query: Any, *people: Any) -> Any:
    """Add the names of who granted, approved and ended."""
    columns = (Membership.granted_by_id, Membership.approved_by_id, Membership.ended_by_id)
    for person, column in zip(people, columns, strict=True):
        account = aliased(User)
        query = query.outerjoin(account, account.id == column)
        query = query.outerjoin(person, person.id == account.person_id).add_columns(person.name)
    return query


def _at(unit: Unit, below: bool) -> ColumnElement[bool]:
    """The one equality of a list of posts."""
    if below and unit.kind is UnitKind.COUNTY:
        return Membership.county_id == unit.id
    if below and unit.kind is UnitKind.TOWNSHIP:
        return Membership.township_id == unit.id
    return and_(Membership.unit_id == unit.id, Membership.county_id == unit.county_id)


def _shown(show: PostShow) -> ColumnElement[bool]:
    day = today()
    if show is PostShow.ENDED:
        return Membership.valid_until <= day
    if show is PostShow.INVITED:
        return and_(Membership.valid_until > day, or_(User.awaits_code, Membership.awaits_second))
    live = and_(
        Membership.valid_until > day, User.awaits_code.is_(False), Membership.awaits_second.is_(False)
    )
    if show is PostShow.DUE:
        unused = func.coalesce(User.signed_in_at, User.created_at) < _silence_begins()
        return and_(live, or_(Membership.valid_until <= day + ENDS_SOON, unused))
    return live


def _silence_begins() -> datetime:
    return datetime.combine(today() - SILENT, time())


def state_of(membership: Membership, user: User) -> PostState:
    """Where a grant stands today."""
    day = today()
    if membership.valid_until <= day:
        return PostState.ENDED
    if membership.awaits_second:
        return PostState.AWAITS_SECOND
    if user.awaits_code:
        return PostState.INVITED
    return PostState.LATER if membership.valid_from > day else PostState.LIVE


def _post(
    actor: Actor, membership: Membership, person: Person, user: User, unit: Unit, *names: str | None
) -> Post:
    state = state_of(membership, user)
    open_ = state is not PostState.ENDED
    own = person.id == actor.person_id
    granted_by, approved_by, ended_by = (name or "" for name in names) if names else ("", "", "")
    return Post(
        membership=membership,
        person=person,
        user=user,
        unit=unit,
        state=state,
        ends_soon=open_ and membership.valid_until <= today() + ENDS_SOON,
        is_silent=state is PostState.LIVE and (user.signed_in_at or user.created_at) < _silence_begins(),
        is_mine=open_ and not own and may_grant(actor, membership.role, unit),
        waits_for_me=membership.awaits_second
        and open_
        and not own
        and membership.granted_by_id != actor.user_id
        and unit.id == actor.unit.id
        and may_second(actor, membership.role),
        granted_by=granted_by,
        approved_by=approved_by,
        ended_by=ended_by,
    )
