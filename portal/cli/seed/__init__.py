"""`flask seed`: the demo county 清禾县, in a full and a small profile, and the list of its logins."""

from __future__ import annotations

import unicodedata

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select

from portal.cli.output import format_option, refusals, refuse, show
from portal.cli.seed import tables
from portal.cli.seed.accounts import hash_demo_password
from portal.cli.seed.county import load_county
from portal.cli.seed.figures import PROFILES
from portal.config import today
from portal.extensions import db
from portal.models.accounts import Credential, Person, User
from portal.services import audit
from portal.services.accounts.demo import DEMO_PASSWORD, demo_seed
from portal.tenancy.memberships import Membership
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped
from portal.tenancy.units import Unit

__all__ = ["DEMO_PASSWORD", "seed"]

seed = AppGroup("seed", help="Load invented data. Never where real children are kept.")


@seed.command("demo")
@click.option("--profile", type=click.Choice(sorted(PROFILES)), default="small", show_default=True)
def demo(profile: str) -> None:
    """Load the demo county 清禾县 into a migrated database that does not hold it yet."""
    with unscoped("flask seed demo") as session, refusals():
        rows = load_county(session, PROFILES[profile], password_hash=hash_demo_password())
        county = session.scalars(select(Unit).where(Unit.code == tables.county()[0])).one()
        audit.record_system(session, "units:county:load", at=county)
        session.commit()
    db.engine.dispose()  # the last connection to close takes SQLite's write-ahead log with it
    counts = ", ".join(f"{number} {table}" for table, number in rows.items())
    click.echo(f"{tables.county()[1]} ({profile}): {counts}")


@seed.command("logins")
@format_option
def logins(form: str) -> None:
    """Print the demo county's logins and their one password."""
    rows = _read_logins()
    if not rows:
        refuse("The demo county is not in this database: flask seed demo loads it.")
    if form == "json":
        show({"password": DEMO_PASSWORD, "logins": rows})
        return
    with force_locale("zh_Hans_CN"):
        lines = [(r["login"], r["name"], str(Role(r["role"]).label), r["unit_name"], r["totp"]) for r in rows]
    table = [("账号", "姓名", "角色", "单位", "动态码密钥"), *lines]
    widths = [max(_width(line[column]) for line in table) for column in range(5)]
    for line in table:
        click.echo("  ".join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip())
    click.echo(f"\n密码（全部账号相同）：{DEMO_PASSWORD}")


def _read_logins() -> list[dict[str, str]]:
    """Every membership of the demo county, in the order in which the accounts were opened."""
    county = select(Unit.id).where(Unit.code == tables.county()[0])
    query = (
        select(User.username, Person.name, Membership.role, Unit.code, Unit.name, Credential.totp_since)
        .join(User, User.id == Membership.user_id)
        .join(Person, Person.id == User.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .join(Credential, Credential.user_id == User.id)
        .where(Membership.county_id == county.scalar_subquery())
        .where(User.awaits_code.is_(False), Membership.valid_until > today())
        .order_by(User.id, Membership.id)
    )
    names = ("login", "name", "role", "unit", "unit_name")
    with unscoped("flask seed logins") as session:
        return [
            dict(zip(names, (str(v) for v in row[:5]), strict=True))
            | {"totp": demo_seed(row[0]) if row[5] else ""}
            for row in session.execute(query)
        ]


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
