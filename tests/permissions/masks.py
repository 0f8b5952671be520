"""docs/masks.md, generated: `python -m tests.permissions.masks` writes it anew."""

from __future__ import annotations

from portal.config import ROOT
from portal.tenancy.masks import mask_table
from portal.tenancy.permissions import GRANTS, Permission
from portal.tenancy.roles import Role

PAGE = ROOT / "docs" / "masks.md"
_ABOVE = """# What of a child's file is covered

Generated from `MASKS` in `portal/tenancy/masks.py` by `python -m tests.permissions.masks`; a test compares
them. Do not edit this page.

Scope and permission are asked first: this table only says what a field looks like to somebody who has the
child in sight and may open the file.

- `clear`: as written.
- `part`: of an address village and group; of a sensitive note the summary and how to help.
- `covered`: 王○○, `1** **** **34`; uncovered for one page view with a purpose.
- `reason`: not shown; uncovered for one page view with a purpose and a sentence why.
- `compared`: never shown; the reader types the number from paper and is told whether it is the same (ten in
  an hour).
- `never`.

Every uncovering, comparison and call is a line of the audit and of the file's own list of looks. Calling the
guardian is one tap for everybody who opens the file, and needs no reason.

"""
_LIST = """
## The list behind a figure

{roles} reach, from the number of left-behind children of a township, village or school, the list of the
children it counts (`/units/<code>/children/masked/`). They say first what they need it for: that line of the
audit opens this one unit's list to the same person in the same role for thirty minutes. It shows the name as
the table covers it (where it is `never`, the case number stands for it), sex, age, class or place and the
basis on which the child counts. It leads to no file, has no search and orders by place and class, so neither a
name nor the beginning of one can be found out by asking. Of the county departments, education and civil affairs
alone may ask; the county leader works with figures.

## Sensitive notes

The child director, the school's coordinator and, for her own class, the class teacher write notes; nothing is
overwritten, a note is ended. Whoever wrote a note reads her own words again; everybody else sees what the table
says. The audit tells that a note was written or ended, not what it is about.
"""


def page() -> str:
    """The whole page."""
    head, *rows = mask_table()
    lines = [head, ["---", *([":-:"] * (len(head) - 1))], *([f"`{row[0]}`", *row[1:]] for row in rows)]
    closed = [role.value for role in Role if Permission.CHILD_FILE_READ not in GRANTS[role]]
    drills = [role.value for role in Role if Permission.CHILD_MASKED_READ in GRANTS[role]]
    list_of = _LIST.format(roles=", ".join(drills))
    below = (
        f"\nNo file is open today to: {', '.join(closed)}. What stands in their columns is a ceiling.\n"
        + list_of
    )
    return _ABOVE + "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n" + below


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
