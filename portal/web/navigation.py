"""The way round: the rail of each role, and the breadcrumbs from the county down to the page."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from portal.services import units
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission as P


def _item(label: str, icon: str, endpoint: str, **arguments: Any) -> dict[str, Any]:
    current = request.endpoint == endpoint
    return {
        "url": url_for(endpoint, **arguments),
        "label": label,
        "icon": icon,
        "is_current": current,
        "waiting": 0,
    }


def navigation(actor: Actor) -> list[list[dict[str, Any]]]:
    """Groups of links; only what the role may open."""
    if actor.is_volunteer:
        return [
            [
                _item(_("My children"), "house-door", "home.index"),
                _item(_("Log a visit"), "pencil", "visits.new"),
                _item(_("My records"), "clock", "visits.index"),
                _item(_("My service"), "journal-text", "volunteers.own"),
            ]
        ]
    code = actor.unit.code
    first = [_item(_("Today"), "house-door", "home.index")]
    if actor.can(P.ROLLUP_READ):
        first.append(_item(_("Roll-up"), "bar-chart", "reports.rollup", code=code))
    second = []
    if actor.can(P.CHILD_LIST_READ):
        second.append(_item(_("Children"), "people", "children.index", code=code))
    if actor.can(P.CENSUS_READ):
        second.append(_item(_("Census"), "clipboard-check", "children.census_overview", code=code))
    if actor.can(P.PAIRING_READ):
        second.append(_item(_("Pairings"), "person-heart", "pairings.index", code=code))
    elif actor.can(P.ROLLUP_READ):
        second.append(_item(_("Pairings"), "person-heart", "pairings.show_numbers", code=code))
    if actor.can(P.VOLUNTEER_READ):
        second.append(_item(_("Volunteers"), "house-heart", "volunteers.index", code=code))
    if actor.can(P.ROSTER_IMPORT):
        second.append(_item(_("Roster in"), "table", "registers.index", code=code))
    third = [_item(_("Units"), "building", "units.show", code=code)] if actor.can(P.UNIT_READ) else []
    if actor.can(P.LEADERSHIP_READ):
        third.append(_item(_("Leadership groups"), "flag", "leadership.index", code=code))
    if actor.can(P.PEOPLE_READ):
        third.append(_item(_("People"), "person-vcard", "accounts.people", code=code))
    if actor.can(P.AUDIT_READ):
        third.append(_item(_("Log"), "clock", "audit.index", code=code))
    if actor.can(P.CHILD_ARCHIVE_READ):
        third.append(_item(_("Archive"), "journal-text", "children.archive_of", code=code))
    if actor.can(P.COUNTY_RULES_EDIT):
        third.append(_item(_("Rules of the county"), "gear", "children.rules", code=code))
    return [group for group in (first, second, third) if group]


def breadcrumbs(actor: Actor) -> list[dict[str, Any]]:
    """County → township → unit, links within the actor's reach, then what the view added (`trail`)."""
    unit = g.get("unit")
    crumbs: list[dict[str, Any]] = []
    if unit is not None:
        for place in [*units.list_above(unit), unit]:
            linked = actor.reaches(place) and actor.can(P.UNIT_READ, place)
            url = url_for("units.show", code=place.code) if linked else None
            crumbs.append({"label": place.name, "url": url})
    return crumbs + [{"label": label, "url": url} for label, url in g.get("trail", [])]


def trail(label: str, url: str | None = None) -> None:
    """Add a step to this page's breadcrumbs."""
    g.setdefault("trail", []).append((label, url))
