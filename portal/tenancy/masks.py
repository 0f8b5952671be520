"""Who sees which field of a child's file: the one table, from which docs/masks.md is generated.

It says what a field looks like to a reader who has the child in sight and may open the file at all; scope
and permission are asked before (wall, GRANTS). A role that opens no files today stands here all the same,
so that a page it gets one day shows no more than this.
"""

from __future__ import annotations

import re
from enum import StrEnum

from portal.tenancy.roles import Role
from portal.terms import FileField


class Mask(StrEnum):
    """How a field is shown. Every way past a cover is written down."""

    CLEAR = "clear"
    PART = "part"
    """Village and group of an address; of a note the summary and how to help."""
    COVERED = "covered"
    """王○○, 1** **** **34; uncovered for one page view, with a purpose from a list."""
    REASON = "reason"
    """Not shown; uncovered for one page view, with a purpose and a sentence why."""
    COMPARED = "compared"
    """Never shown: the reader types what stands on paper and is told whether it is the same."""
    NEVER = "never"


_CLEAR, _PART, _COVERED, _REASON, _COMPARED, _NEVER = Mask
_STAFF = {FileField.NAME: _CLEAR, FileField.ID_NUMBER: _COMPARED}
_NOTHING = dict.fromkeys(FileField, _NEVER)
_SCHOOL = _STAFF | {
    FileField.GUARDIAN_PHONE: _COVERED, FileField.ADDRESS: _COVERED, FileField.NOTE: _REASON,
}  # fmt: skip
_COUNTY = {
    FileField.NAME: _COVERED, FileField.ID_NUMBER: _NEVER, FileField.GUARDIAN_PHONE: _REASON,
    FileField.ADDRESS: _REASON, FileField.NOTE: _NEVER,
}  # fmt: skip

MASKS: dict[Role, dict[FileField, Mask]] = {
    Role.COMMITTEE_OFFICE: _COUNTY,
    Role.COUNTY_LEADER: _COUNTY,
    Role.COUNTY_DEPARTMENT: _COUNTY,
    Role.AUDITOR: _NOTHING,
    Role.TOWNSHIP_COORDINATOR: _SCHOOL | {FileField.NOTE: _NEVER},
    Role.TOWNSHIP_LEADER: _COUNTY,
    Role.CHILD_DIRECTOR: _STAFF
    | {FileField.GUARDIAN_PHONE: _CLEAR, FileField.ADDRESS: _CLEAR, FileField.NOTE: _REASON},
    Role.PRINCIPAL: _SCHOOL,
    Role.SCHOOL_COORDINATOR: _SCHOOL,
    Role.CLASS_TEACHER: _STAFF
    | {FileField.GUARDIAN_PHONE: _CLEAR, FileField.ADDRESS: _PART, FileField.NOTE: _PART},
    Role.COUNSELLOR: _NOTHING,
    Role.CENTER_KEEPER: _NOTHING,
    Role.VOLUNTEER: _NOTHING | {FileField.NAME: _CLEAR, FileField.GUARDIAN_PHONE: _COVERED},
    Role.SYSTEM_ADMIN: _NOTHING,
    Role.SECURITY_ADMIN: _NOTHING,
    Role.AUDIT_ADMIN: _NOTHING,
}


def masked_name(name: str) -> str:
    """王○○: what a wide role sees of a name."""
    return name[:1] + "○" * max(1, len(name) - 1) if name else ""


def masked_phone(phone: str) -> str:
    """1** **** **34: the last two digits (security design, lists)."""
    digits = [c for c in phone if c.isdigit()]
    return f"{digits[0]}** **** **{''.join(digits[-2:])}" if len(digits) >= 7 else ("*" * len(phone))


_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}")


def unnamed(words: str, name: str) -> str:
    """Typed words for the log, where no name of a child, no phone and no number of hers may stand."""
    return _NUMBER.sub("＊＊＊", words.replace(name, masked_name(name)) if len(name) > 1 else words)


_GROUP = re.compile(r"\D*(?:\d+(?=[组社队区]).)?")


def village_group(address: str) -> str:
    """三组, without the door: as far as a class teacher needs it to find the way with somebody."""
    found = _GROUP.match(address)
    return found.group() if found else ""


def mask_of(role: Role, field: FileField) -> Mask:
    """How a role sees a field."""
    return MASKS[role][field]


def mask_table() -> list[list[str]]:
    """The table as rows of text: a head, then a field and one column per role."""
    head = ["field", *(role.value for role in Role)]
    return [head, *([field.value, *(MASKS[role][field].value for role in Role)] for field in FileField)]
