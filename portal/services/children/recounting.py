"""Counting every child of a county anew, once the county has decided otherwise when away counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from portal.extensions import db
from portal.models.children import Child
from portal.services import audit
from portal.services.children.files import rewrite_standing
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission

CHUNK = 200


def recount(*, actor: Actor, progress: Callable[[int, int], Any]) -> int:
    """Derive anew how every child of the actor's county counts; how many. In a session of the county."""
    actor.require(Permission.COUNTY_RULES_EDIT)
    mine = Child.county_id == actor.unit.county_id
    total, done, last = db.session.scalar(select(func.count()).select_from(Child).where(mine)) or 0, 0, 0
    while True:
        query = select(Child).where(mine, Child.id > last).order_by(Child.id).limit(CHUNK)
        found = db.session.scalars(query).all()
        if not found:
            break
        for child in found:
            rewrite_standing(child)
        done, last = done + len(found), found[-1].id
        db.session.flush()
        db.session.expunge_all()
        progress(done, total)
    audit.record(actor, "children:rules:recount", details={"children": done})
    return done
