"""The permission page: what each role may do, and first of all one's own."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import render_template

from portal.blueprints.accounts import bp
from portal.tenancy.actor import Actor
from portal.tenancy.permission_labels import LABELS, ROOMS
from portal.tenancy.permissions import GRANTS, Permission
from portal.tenancy.roles import Role
from portal.terms import UnitKind
from portal.web.guards import requires
from portal.web.sign_in import current_actor


@bp.get("/permissions")
@requires(Permission.HOME_PAGE_READ)
def permissions() -> str:
    actor = current_actor()
    own, lowest = actor.role, actor.unit.kind in (UnitKind.VILLAGE, UnitKind.SCHOOL)
    rooms = _rooms(actor)
    return render_template(
        "accounts/permissions.html", own=own, own_is_lowest=lowest, roles=list(Role), rooms=rooms
    )


def _rooms(actor: Actor) -> list[dict[str, Any]]:
    """The permissions by room, each with the roles that hold it."""
    return [
        {"title": ROOMS[room], "rows": [_row(one, actor) for one in found]}
        for room, found in groupby(sorted(Permission), key=lambda one: one.room)
    ]


def _row(permission: Permission, actor: Actor) -> dict[str, Any]:
    holders = {role for role in Role if permission in GRANTS[role]}
    return {
        "label": LABELS[permission],
        "value": permission.value,
        "reaches_down": permission.reaches_down,
        "is_mine": actor.can(permission),
        "holders": holders,
    }
