"""What a county has decided for itself: when away counts officially, how long a file is kept.

A county that has decided nothing keeps the defaults (contract §4, security design §3.6).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import object_session

from portal.errors import NotFound
from portal.extensions import db
from portal.models.children import Child, CountyRules
from portal.services import audit
from portal.services.children.standing import StatusRules
from portal.services.pairings.limits import DEFAULTS
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import LimitKind, UnitKind

_HELD = "children.rules"


def rules_of(child: Child) -> StatusRules:
    """Her county's rules of the official basis, read once in the life of a session."""
    session, county_id = object_session(child) or db.session(), child.county_id
    held: dict[int, StatusRules] = session.info.setdefault(_HELD, {})
    if county_id not in held:
        with session.no_autoflush:
            found = session.get(CountyRules, county_id)
        held[county_id] = StatusRules(found.months_away, found.across_county) if found else StatusRules()
    return held[county_id]


def read_rules(county: Unit, *, actor: Actor) -> CountyRules:
    """The county's rules, or its defaults as a row that is not kept. Raises NotFound for another unit."""
    actor.require(Permission.COUNTY_RULES_EDIT, at=county)
    if county.kind is not UnitKind.COUNTY:
        raise NotFound("only a county has rules")
    found = db.session.get(CountyRules, county.id)
    limits = {f"pairs_{one.value}": number for one, number in DEFAULTS.items()}
    return found or CountyRules(
        county_id=county.id, keep_years=3, months_away=6, across_county=True, **limits
    )


def decide(
    county: Unit,
    *,
    actor: Actor,
    keep_years: int,
    months_away: int,
    across_county: bool,
    limits: Mapping[LimitKind, int],
) -> bool:
    """Keep what the county has decided; whether its children must be counted anew."""
    held = read_rules(county, actor=actor)
    anew = (held.months_away, held.across_county) != (months_away, across_county)
    if held not in db.session:
        held.unit_id, held.township_id = county.id, county.township_id
        db.session.add(held)
    held.keep_years, held.months_away, held.across_county = keep_years, months_away, across_county
    for one, number in limits.items():
        setattr(held, f"pairs_{one.value}", number)
    db.session.flush()
    db.session().info.pop(_HELD, None)
    told = {"years": keep_years, "months": months_away, "across": across_county}
    audit.record(actor, "children:rules:edit", at=county, details=told)
    return anew
