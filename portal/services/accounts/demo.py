"""The accounts of the demo county: one password, fixed second factors, and nothing real behind them."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from portal.models.accounts import User
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit

DEMO_COUNTY = "999901"
DEMO_PASSWORD = "Qinghe-2025"
"""The one password of all demo accounts."""

DEMO_ROLES = (
    Role.COMMITTEE_OFFICE,
    Role.TOWNSHIP_COORDINATOR,
    Role.SCHOOL_COORDINATOR,
    Role.CHILD_DIRECTOR,
    Role.VOLUNTEER,
)


@dataclass(frozen=True)
class DemoLogin:
    """One account to try."""

    username: str
    role: Role
    unit_name: str


def demo_seed(username: str) -> str:
    """The fixed seed (base32) of a demo account's second factor, the same in every installation."""
    return base64.b32encode(hashlib.sha256(f"demo/{username}".encode()).digest()[:20]).decode()


def list_demo_logins() -> list[DemoLogin]:
    """One account per role with its unit's name, for the login page of a demonstration."""
    county = select(Unit.id).where(Unit.code == DEMO_COUNTY).scalar_subquery()
    with unscoped("login: the accounts of a demonstration") as session:
        rows = session.execute(
            select(User.username, Membership.role, Unit.name)
            .join(Membership, Membership.user_id == User.id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(User.county_id == county)
            .order_by(User.id, Membership.id)
        ).all()
    shown: dict[Role, DemoLogin] = {}
    for username, role, unit in rows:
        if role in DEMO_ROLES:
            shown.setdefault(role, DemoLogin(username, role, unit))
    return [shown[role] for role in DEMO_ROLES if role in shown]
