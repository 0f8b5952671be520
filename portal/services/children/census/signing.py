"""Three names under a list (填表人, 复核人, 单位负责人), sending it back, and entering for a village (代报).

Two people at least: whoever filled a list in neither checks nor signs it. At a school the head signs, and
three people do. A village often has one child director; then the other two names are given by her
township's coordinator, who also may fill in for a village without staff or computer.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.config import now
from portal.errors import PermissionDenied, Refused
from portal.extensions import db
from portal.models.children import CensusList
from portal.services import audit
from portal.services.children.census.rosters import count_open, freeze
from portal.services.children.census.working import require_work
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.roles import Role
from portal.terms import CensusState, UnitKind

NEXT = {
    CensusState.TO_DO: CensusState.FILLED,
    CensusState.FILLED: CensusState.CHECKED,
    CensusState.CHECKED: CensusState.SIGNED,
}


WAITING = (CensusState.FILLED, CensusState.CHECKED)
"""A list that waits for its second or third name."""


def next_step(census_list: CensusList, *, actor: Actor) -> CensusState | None:
    """The name the actor could give now, or None."""
    step = NEXT.get(census_list.state)
    if step is None or census_list.census.closed_at is not None:
        return None
    try:
        _check(census_list, step, actor)
    except (PermissionDenied, Refused):
        return None
    return step


def sign(census_list: CensusList, *, actor: Actor, step: CensusState) -> None:
    """Put one's name under the list. The third name freezes the roster of the day.

    Raises Refused while a child has not been looked at, for a step that is not next, or where one person
    would stand for two; PermissionDenied for who may not give this name.
    """
    if NEXT.get(census_list.state) is not step:
        raise Refused(_l("Somebody has signed meanwhile; look at the list again."))
    if census_list.census.closed_at is not None:
        raise Refused(_l("This census is closed."))
    _check(census_list, step, actor)
    if step is CensusState.FILLED:
        if left := count_open(census_list):
            raise Refused(_l("%(n)s children have not been looked at yet.", n=left))
        census_list.filled_by_id, census_list.filled_at = actor.person_id, now()
        census_list.sent_back = ""
    elif step is CensusState.CHECKED:
        census_list.checked_by_id, census_list.checked_at = actor.person_id, now()
    else:
        census_list.signed_by_id, census_list.signed_at = actor.person_id, now()
    census_list.state = step
    db.session.flush()
    if step is CensusState.SIGNED:
        freeze(census_list)
    _record(census_list, "children:census:sign", actor, {"step": step.value})


def _check(census_list: CensusList, step: CensusState, actor: Actor) -> None:
    if step is CensusState.FILLED:
        require_work(census_list, actor=actor)
        return
    village = census_list.unit.kind is UnitKind.VILLAGE
    helps_out = village and _is_township(census_list, actor)
    if not (actor.can(Permission.CENSUS_SIGN, census_list.unit) or helps_out):
        raise PermissionDenied("this role gives no name here")
    if step is CensusState.SIGNED and not village and actor.role is not Role.PRINCIPAL:
        raise PermissionDenied("at a school its head signs")
    if actor.person_id == census_list.filled_by_id:
        raise Refused(_l("You filled the list in: another person checks and signs it."))
    if step is CensusState.SIGNED and not village and actor.person_id == census_list.checked_by_id:
        raise Refused(_l("You checked the list: another person signs it."))


def _is_township(census_list: CensusList, actor: Actor) -> bool:
    return actor.unit.kind is UnitKind.TOWNSHIP and actor.can(Permission.CENSUS_GOVERN, census_list.unit)


def send_back(census_list: CensusList, *, actor: Actor, reason: str) -> None:
    """Open a list again before its third name: whoever may check it, or the township. Its names fall away.

    A signed list stays: what changes after its day stands in the change table. Raises Refused then.
    """
    if not _checks(census_list, actor):
        raise PermissionDenied("a list is sent back by who checks it, or by the township")
    if census_list.state not in WAITING:
        raise Refused(_l("Only a list that waits for its second or third name is sent back."), field="reason")
    if not reason:
        raise Refused(_l("Write what is to be looked at again."), field="reason")
    census_list.state, census_list.sent_back = CensusState.TO_DO, reason
    census_list.filled_by_id = census_list.filled_at = None
    census_list.checked_by_id = census_list.checked_at = None
    db.session.flush()
    _record(census_list, "children:census:back", actor, {})


def may_send_back(census_list: CensusList, *, actor: Actor) -> bool:
    """Whether the actor could send the list back now."""
    return census_list.state in WAITING and _checks(census_list, actor)


def _checks(census_list: CensusList, actor: Actor) -> bool:
    return actor.can(Permission.CENSUS_SIGN, census_list.unit) or _is_township(census_list, actor)


def may_enter_for(census_list: CensusList, *, actor: Actor) -> bool:
    """Whether the actor's township could take the list over now."""
    village = census_list.unit.kind is UnitKind.VILLAGE
    is_open = census_list.state is CensusState.TO_DO and census_list.census.closed_at is None
    return village and is_open and not census_list.entered_for and _is_township(census_list, actor)


def enter_for(census_list: CensusList, *, actor: Actor) -> None:
    """Take a village's list over into the township (代报); it stays marked so on every print.

    Raises PermissionDenied for others than the township, Refused once it is filled in.
    """
    village = census_list.unit.kind is UnitKind.VILLAGE
    if not (village and _is_township(census_list, actor)):
        raise PermissionDenied("a township enters for its own villages")
    if census_list.state is not CensusState.TO_DO or census_list.census.closed_at is not None:
        raise Refused(_l("This list is filled in already."))
    census_list.entered_for = True
    db.session.flush()
    _record(census_list, "children:census:enter_for", actor, {})


def _record(census_list: CensusList, action: str, actor: Actor, details: dict[str, str]) -> None:
    subject = f"census_list:{census_list.public_id}"
    audit.record(actor, action, at=census_list.unit, subject=subject, details=details)
