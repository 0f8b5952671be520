"""`flask admins`: the first people of a county, who have nobody above them to let them in."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.cli.output import format_option, refusals, show
from portal.services.people.administrators import Invitation, invite_administrators
from portal.tenancy.roles import Role
from portal.tenancy.scope import unscoped

admins = AppGroup("admins", help="The three administrators of a county (三员).")


@admins.command("invite")
@click.argument("county")
@click.option("--system", default="系统管理员", show_default=True, help="name of the system administrator")
@click.option(
    "--security", default="安全管理员", show_default=True, help="name of the security administrator"
)
@click.option("--audit", default="审计管理员", show_default=True, help="name of the audit administrator")
@click.option("--renew", is_flag=True, help="new codes for those who are there; their sessions end")
@format_option
def invite(county: str, system: str, security: str, audit: str, renew: bool, form: str) -> None:
    """Print one-time codes for the administrators of COUNTY (a code) who are missing. No password is set."""
    names = {Role.SYSTEM_ADMIN: system, Role.SECURITY_ADMIN: security, Role.AUDIT_ADMIN: audit}
    with refusals(), unscoped("CLI: flask admins invite") as session:
        made = invite_administrators(session, county, names=names, renew=renew)
        session.commit()
    if form == "json":
        show([_document(one) for one in made])
        return
    for one in made:
        click.echo(
            f"{one.name}  {one.username}  {one.code.text}  (until {one.code.valid_until:%Y-%m-%d %H:%M} UTC)"
        )
    click.echo("Each opens /activate, types the code once and chooses a password. The codes are not kept.")


def _document(one: Invitation) -> dict[str, str]:
    return {
        "role": one.role.value,
        "name": one.name,
        "login": one.username,
        "code": one.code.text,
        "valid_until": one.code.valid_until.isoformat(),
    }
