"""Editing a file, group by group: the owner writes, the other side proposes, nobody overwrites unseen.

A form carries the values it began with. Where somebody else has changed the same field meanwhile, nothing is
written: the second writer sees both values and decides. Fields she has not touched keep what is on file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.exc import StaleDataError

from portal.config import today
from portal.errors import Conflict, PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import Child
from portal.services import audit
from portal.services.children.fields import OWNER, RANKS, Group, Values, read_group, write_group
from portal.services.children.files import after_change
from portal.services.children.owning import keeper_of_household, own
from portal.services.children.wording import refuse_labels
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.terms import Side


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: what is on file now, and what the second one wants."""

    field: str
    now: object
    mine: object


class Clashed(Conflict):
    """Somebody else has changed the same fields since the form was opened."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__("the file was changed meanwhile")
        self.clashes = clashes


def owns(child: Child, group: Group, actor: Actor) -> bool:
    """Whether the actor's unit writes this group itself; without a school the village keeps study, too."""
    if OWNER[group] is Side.SCHOOL and child.school_id is not None:
        return actor.unit.id == child.school_id
    return actor.unit.id == keeper_of_household(child).id


def changes_of(child: Child, group: Group, begun: Values, typed: Values) -> Values:
    """What the writer has changed since the form was opened. Raises Clashed where somebody else did, too."""
    held = read_group(child, group)
    mine = {name: value for name, value in typed.items() if value != begun.get(name)}
    clashes = [
        Clash(name, held[name], value)
        for name, value in mine.items()
        if name in held and held[name] not in (begun.get(name), value)
    ]
    if clashes:
        raise Clashed(clashes)
    return {name: value for name, value in mine.items() if held.get(name) != value}


def edit(child: Child, group: Group, changed: Values, *, actor: Actor) -> None:
    """Write the changed values of a group that the actor's unit owns, and let follow what follows.

    Raises NotFound for a child of another unit, PermissionDenied where the other side owns the group,
    Refused for values that contradict each other, Conflict where two save at the same moment.
    """
    actor.require(Permission.CHILD_FILE_EDIT)
    own(child, actor)
    if not owns(child, group, actor):
        raise PermissionDenied("the other side owns this part of the file")
    check(child, group, changed)
    if not changed:
        return
    write_group(child, group, changed)
    after_change(child)
    try:
        db.session.flush()
    except StaleDataError as error:
        raise Conflict("two people saved at the same moment") from error
    audit.record(actor, "children:file:edit", child=child, details={"fields": ", ".join(sorted(changed))})


def check(child: Child, group: Group, values: Values) -> None:
    """Raise Refused for changed values that cannot be. The forms have checked lengths and choices."""
    if group is Group.WHO:
        _check_birth(values.get("birth_date"))
        if "name" in values and len(values["name"]) < 2:
            raise Refused(_l("Write the whole name."), field="name")
    if group is Group.NEEDS:
        refuse_labels(**{name: str(value) for name, value in values.items()})
    if group is Group.CONTACTS:
        whole = read_group(child, group) | values
        for rank in RANKS:
            if whole[f"name_{rank}"] and not whole[f"phone_{rank}"]:
                raise Refused(_l("Write the number of this person."), field=f"phone_{rank}")


def _check_birth(word: object) -> None:
    if not word:
        return
    born, day = date.fromisoformat(str(word)), today()
    if not date(day.year - 18, day.month, 1) <= born <= day:
        raise Refused(_l("A file is kept for children under eighteen."), field="birth_date")


def verify(child: Child, *, actor: Actor) -> None:
    """The whole file was looked through today and is right."""
    actor.require(Permission.CHILD_FILE_EDIT)
    own(child, actor)
    child.verified_on = today()
    after_change(child)
    db.session.flush()
    audit.record(actor, "children:file:verify", child=child)
