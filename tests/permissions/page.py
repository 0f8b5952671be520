"""docs/permissions.md, generated: `python -m tests.permissions.page` writes it anew."""

from __future__ import annotations

from portal.cli.accounts import markdown
from portal.config import ROOT
from portal.tenancy.permissions import DEPARTMENTS, permission_table

PAGE = ROOT / "docs" / "permissions.md"
_ABOVE = """# Permissions

Generated from `GRANTS` in `portal/tenancy/permissions.py` by `python -m tests.permissions.page`; a test
compares them. Do not edit this page.

The same table: `flask permissions table --format csv|md`, and for people the page `/permissions`.

Where a permission holds is one rule (`Actor.can`): **reading goes down the tree, and so does governing
units and people; all other writing stays in one's own unit**. A permission that ends in `:read` or
`:govern` holds for the member's unit and every unit below it; any other holds for the unit itself. Outside
this reach the answer is 404, the same bytes as for a thing that does not exist; within it, without the
permission, 403. A volunteer's reach is the children paired with her today, and of them the short card.

The answers of every address to every role, request by request, stand in `tests/permissions/matrix.csv`.

"""


def page() -> str:
    """The whole page."""
    below = [
        f"`{permission.value}`: of the departments (`county_department`) only {' and '.join(sorted(only))}.\n"
        for permission, only in DEPARTMENTS.items()
    ]
    return _ABOVE + markdown(permission_table()) + "\n\n" + "".join(below)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
