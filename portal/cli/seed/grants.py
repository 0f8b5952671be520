"""Who let whom in, in the demo county: every grant has an approver of the level above."""

from __future__ import annotations

from collections.abc import Mapping

from portal.cli.seed.book import Place
from portal.tenancy.roles import ADMINISTRATORS, Role
from portal.terms import UnitKind

_BY_THE_TOWNSHIP = (Role.CHILD_DIRECTOR, Role.PRINCIPAL, Role.SCHOOL_COORDINATOR)


def signers(
    role: Role, place: Place, places: Mapping[str, Place], accounts: Mapping[str, int]
) -> dict[str, int | None]:
    """The columns of a membership that say who granted it and who answers for it."""
    granted, approved = _logins(role, place, places)
    return {"granted_by_id": accounts.get(granted), "approved_by_id": accounts.get(approved)}


def _logins(role: Role, place: Place, places: Mapping[str, Place]) -> tuple[str, str]:
    """The logins of the two; empty for the first three, who have nobody before them."""
    if role in ADMINISTRATORS:
        return "", ""
    if role is Role.COMMITTEE_OFFICE:
        return "secadmin01", "leader01"
    if place.kind is UnitKind.SCHOOL and role not in _BY_THE_TOWNSHIP:
        return (f"coord_{place.key.lower()}",) * 2
    at_the_town = place.kind is UnitKind.TOWNSHIP and role is not Role.VOLUNTEER
    town = next((key for key, one in places.items() if one.id == place.township_id), "")
    return ("county01" if not town or at_the_town else f"town_{town.lower()}",) * 2
