"""The accounts of the demo county: one password, fixed second factors, and nothing real behind them."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, select

from portal.config import now
from portal.models.accounts import Credential, User
from portal.services.accounts import second_factor
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
    """One account to try. `code` is what its authenticator shows now, empty without one."""

    username: str
    role: Role
    unit_name: str
    code: str = ""


def demo_seed(username: str) -> str:
    """The fixed seed (base32) of a demo account's second factor, the same in every installation."""
    return base64.b32encode(hashlib.sha256(f"demo/{username}".encode()).digest()[:20]).decode()


def list_demo_logins() -> list[DemoLogin]:
    """One account per role with its unit's name, for the login page of a demonstration."""
    with unscoped("login: the accounts of a demonstration") as session:
        rows = session.execute(
            select(User, Credential, Membership.role, Unit.name)
            .join(Membership, Membership.user_id == User.id)
            .join(Unit, Unit.id == Membership.unit_id)
            .join(Credential, Credential.user_id == User.id)
            .where(User.county_id == _county(), Membership.role.in_(DEMO_ROLES))
            .order_by(User.id, Membership.id)
        ).all()
        shown: dict[Role, DemoLogin] = {}
        for user, credential, role, unit in rows:
            if role not in shown:
                shown[role] = DemoLogin(user.username, role, unit, _code(user, credential))
    return [shown[role] for role in DEMO_ROLES if role in shown]


def find_demo_code(username: str) -> str:
    """The code that would be accepted now from a demo account; empty for any other account."""
    with unscoped("login: the code of a demo account") as session:
        row = session.execute(
            select(User, Credential)
            .join(Credential, Credential.user_id == User.id)
            .where(User.county_id == _county(), User.username == username)
        ).one_or_none()
        return _code(*row) if row else ""


def _county() -> ScalarSelect[int]:
    return select(Unit.id).where(Unit.code == DEMO_COUNTY).scalar_subquery()


def _code(user: User, credential: Credential) -> str:
    """The next code that was not used yet, or the newest one if all were."""
    if credential.totp_sealed is None:
        return ""
    seed = second_factor.unseal(credential.totp_sealed, user_id=user.id, county_id=user.county_id)
    here = second_factor.step_of(now())
    unused = max(here, credential.totp_last_step + 1)
    return second_factor.code_at(seed, min(unused, here + second_factor.AROUND))
