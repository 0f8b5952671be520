"""A copy of everything on file about one child, for her family (个人信息保护法 art. 45; security design §3.7).

The rows are found by walking the keys: every table with a key to a child is in it, so a table added tomorrow
is too. Names of people on duty and of helpers are masked; bytes of papers go along as files. The copy is kept
sealed for a day. A job in the scope of the county puts it together: the family asks for all, not for one side.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from portal.config import now, today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.accounts import Person, User
from portal.models.children import Child, ChildCopy, Paper
from portal.services import audit
from portal.services.children.keeping.labels import COLUMNS, TABLES
from portal.services.children.keeping.papers import Opened
from portal.services.children.owning import own
from portal.tenancy.actor import Actor
from portal.tenancy.columns import FOREVER
from portal.tenancy.masks import masked_name
from portal.tenancy.permissions import Permission
from portal.tenancy.scoped import STAMPS
from portal.tenancy.sealed import SEALED
from portal.tenancy.units import Unit
from portal.terms import Term

KEPT_FOR = timedelta(hours=24)
UNITS = frozenset({"village_id", "school_id", "stat_unit_id", "from_unit_id", "to_unit_id", "by_unit_id"})
PEOPLE = frozenset({"person_id", "helper_id", "owner_id", "author_id", "answered_by_id"})
ACCOUNTS = frozenset({"created_by_id", "logged_by_id", "decided_by_id", "approved_by_id", "confirmed_by_id"})
BYTES = frozenset({"content"})
TERMS = {"met_list": "met", "topic_list": "topics"}
"""Columns that a property reads as terms."""
_MACHINERY = frozenset({
    *STAMPS, "id", "public_id", "name_key", "id_no_index", "entry_id", "follows_id", "moved", "village_township_id",
    "school_township_id", "stat_township_id", "stat_county_id", "from_town_id", "to_town_id",
})  # fmt: skip


@dataclass(frozen=True)
class Gathered:
    """Everything on file: per table its rows as (column, value), and the papers as files."""

    case_no: str
    name: str
    day: date
    tables: dict[str, list[dict[str, Any]]]
    files: list[tuple[str, bytes]]

    @property
    def rows(self) -> int:
        return sum(len(found) for found in self.tables.values())

    def as_json(self) -> bytes:
        """The same for machines: values as they are kept."""
        tables = {
            name: [{k: _plain(v) for k, v in row.items()} for row in rows]
            for name, rows in self.tables.items()
        }
        head = {"case_no": self.case_no, "made_on": self.day.isoformat(), "rows": self.rows}
        return json.dumps(head | {"tables": tables}, ensure_ascii=False, indent=1).encode()

    def sections(self) -> Iterator[tuple[Any, list[list[tuple[Any, str]]]]]:
        """The same for people: a heading per table, and what is filled in of each row."""
        for name, rows in self.tables.items():
            lines = [
                [(COLUMNS[k], _shown(v)) for k, v in row.items() if v not in (None, "", (), {})]
                for row in rows
            ]
            if lines:
                yield TABLES[name], lines


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(_l("holds") if value else _l("does not hold"))
    if isinstance(value, tuple):
        return "、".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return "；".join(f"{key} {_shown(one)}" for key, one in value.items())
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if value == FOREVER:
        return str(_l("to this day"))
    return str(getattr(value, "label", value))


def kinds_about_a_child() -> list[tuple[type[Any], list[Any]]]:
    """Every mapped class with a key to a child, and the columns of that key; the child herself first."""
    found = []
    for mapper in Child.registry.mappers:
        keys = [c for c in mapper.local_table.columns for key in c.foreign_keys
                if key.column.table is Child.__table__ and key.column.name == "id"]  # fmt: skip
        if keys:
            found.append((mapper.class_, [mapper.get_property_by_column(c).class_attribute for c in keys]))
    order = list(TABLES)
    return [(Child, [Child.id]), *sorted(found, key=lambda one: order.index(one[0].__tablename__))]


def columns_of(rows: type[Any]) -> list[str]:
    """The fields of a class that a copy holds: no key of the machinery, the sealed ones opened."""
    sealed = [field.name for owner, field in SEALED if owner is rows and field.name not in BYTES]
    named = UNITS | PEOPLE | ACCOUNTS
    plain = [
        attr.key for attr in rows.__mapper__.column_attrs
        if attr.key not in _MACHINERY and not attr.key.endswith("_sealed")
        and (attr.key in named or not attr.key.endswith("_id"))
    ]  # fmt: skip
    return plain + sealed


def gather(child: Child, *, actor: Actor) -> Gathered:
    """Everything on file about a child, in a session with the scope of her county."""
    actor.require(Permission.CHILD_COPY_EXPORT)
    return collect(db.session(), child)


def collect(session: Session, child: Child, *, without: frozenset[str] = frozenset()) -> Gathered:
    """The rows about a child in a session that sees them all; tables of `without` are left out."""
    tables: dict[str, list[dict[str, Any]]] = {}
    files = []
    for kind, keys in kinds_about_a_child():
        if kind.__tablename__ in without:
            continue
        query = select(kind).where(or_(*(key == child.id for key in keys))).order_by(kind.id)
        rows = session.scalars(query).all()
        tables[kind.__tablename__] = [{name: _value(row, name) for name in columns_of(kind)} for row in rows]
        if kind is Paper:
            files = [(f"{n:02d}-{row.kind.value}.jpg", row.content or b"") for n, row in enumerate(rows, 1)]
    _name(session, tables)
    return Gathered(child.case_no, child.name, today(), tables, files)


def _value(row: Any, name: str) -> Any:
    """A field of a row; lists of words that are kept as text as the terms they are."""
    return tuple(getattr(row, TERMS[name])) if name in TERMS else getattr(row, name)


def _name(session: Session, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Units by name, people by masked name, in place of their numbers."""
    rows = [row for found in tables.values() for row in found]

    def asked(names: frozenset[str]) -> set[int]:
        return {row[name] for row in rows for name in names if row.get(name) is not None}

    units = dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(asked(UNITS)))).all())
    people = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(asked(PEOPLE)))).all())
    query = select(User.id, Person.name).join(Person, Person.id == User.person_id)
    accounts = dict(session.execute(query.where(User.id.in_(asked(ACCOUNTS)))).all())
    for row in rows:
        for name in row.keys() & UNITS:
            row[name] = units.get(row[name], "")
        for name in row.keys() & PEOPLE:
            row[name] = masked_name(people.get(row[name], ""))
        for name in row.keys() & ACCOUNTS:
            row[name] = masked_name(accounts.get(row[name], ""))


def order(child: Child, *, actor: Actor) -> None:
    """Ask for a copy for the family of a child of one's own unit; a job then makes it. Raises NotFound."""
    actor.require(Permission.CHILD_COPY_EXPORT)
    own(child, actor)
    audit.record(actor, "children:copy:order", child=child)


def keep(child: Child, content: bytes, *, actor: Actor, rows: int) -> ChildCopy:
    """Seal a finished copy for a day, and write down what it holds."""
    actor.require(Permission.CHILD_COPY_EXPORT)
    key = {stamp: getattr(child, stamp) for stamp in STAMPS}
    made = ChildCopy(child_id=child.id, **key, size=len(content), rows=rows, person_id=actor.person_id,
                     digest=hashlib.sha256(content).hexdigest(), expires_at=now() + KEPT_FOR)  # fmt: skip
    set_committed_value(made, "child", child)
    db.session.add(made)
    made.content = content
    db.session.flush()
    told = {"rows": rows, "size": len(content), "hash": made.digest}
    audit.record(actor, "children:copy:make", child=child, subject=f"copy:{made.public_id}", details=told)
    return made


def list_copies(child: Child, *, actor: Actor) -> Sequence[ChildCopy]:
    """The copies that can still be fetched, newest first."""
    actor.require(Permission.CHILD_COPY_EXPORT)
    query = select(ChildCopy).where(ChildCopy.child_id == child.id, ChildCopy.expires_at > now())
    return db.session.scalars(query.options(joinedload(ChildCopy.person)).order_by(ChildCopy.id.desc())).all()


def open_copy(child: Child, copy_id: uuid.UUID, *, actor: Actor) -> Opened:
    """A copy for handing it out, within its day; every fetching is written down.

    Raises NotFound for another unit’s child or after the day, Refused where it was changed outside the portal.
    """
    actor.require(Permission.CHILD_COPY_EXPORT)
    own(child, actor)
    found = next((one for one in list_copies(child, actor=actor) if one.public_id == copy_id), None)
    if found is None:
        raise NotFound("copy")
    content = found.content or b""
    if hashlib.sha256(content).hexdigest() != found.digest:
        raise Refused(_l("This copy was changed outside the portal. Have a new one made."))
    audit.read(actor, "children:copy:read", child=child, details={"size": found.size}, each=True)
    return Opened(content, "application/zip", f"{child.case_no}-{found.made_at:%Y%m%d}.zip")


def sweep(session: Session) -> None:
    """Remove copies whose day is over. For a system session."""
    session.execute(delete(ChildCopy).where(ChildCopy.expires_at <= now()))
