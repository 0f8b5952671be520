"""What may be done, and the one table that says which role may do it.

Where it may be done is not here: reading goes down the tree, and so does governing (units, people);
all other writing stays in one's own unit (`Actor.can`). Views name a permission by `@requires`,
services check it again.
"""

from __future__ import annotations

from enum import StrEnum

from portal.tenancy.roles import Department, Role


class Permission(StrEnum):
    """`<room>:<thing>:<action>`, sorted. `read` and `govern` reach down the tree; other actions do not."""

    ACCOUNT_OWN_EDIT = "accounts:own:edit"
    ACCOUNT_SESSION_SWITCH = "accounts:session:switch"
    AUDIT_READ = "audit:log:read"
    CENSUS_FILL = "children:census:fill"
    CENSUS_GOVERN = "children:census:govern"
    CENSUS_READ = "children:census:read"
    CENSUS_SIGN = "children:census:sign"
    CHILD_ALARM_ACT = "children:alarm:act"
    CHILD_ARCHIVE_READ = "children:archive:read"
    CHILD_ARCHIVE_RETURN = "children:archive:return"
    CHILD_CARD_EDIT = "children:card:edit"
    CHILD_CARE_ASSESS = "children:care:assess"
    CHILD_CARE_EDIT = "children:care:edit"
    CHILD_CARE_READ = "children:care:read"
    CHILD_CHANGE_EDIT = "children:change:edit"
    CHILD_CLASS_EDIT = "children:class:edit"
    CHILD_CONSENT_EDIT = "children:consent:edit"
    CHILD_COPY_EXPORT = "children:copy:export"
    CHILD_FIELD_REVEAL = "children:field:reveal"
    CHILD_FILE_EDIT = "children:file:edit"
    CHILD_FILE_READ = "children:file:read"
    CHILD_LIST_READ = "children:list:read"
    CHILD_MASKED_READ = "children:masked:read"
    CHILD_NOTE_EDIT = "children:note:edit"
    CHILD_NUMBER_COMPARE = "children:number:compare"
    CHILD_PAPER_EDIT = "children:paper:edit"
    CHILD_PRIORITY_EDIT = "children:priority:edit"
    CHILD_REQUEST_EDIT = "children:request:edit"
    CHILD_TRANSFER_EDIT = "children:transfer:edit"
    CLASS_HELP_EDIT = "pairings:class:edit"
    COUNTY_RULES_EDIT = "children:rules:edit"
    HOME_PAGE_READ = "home:page:read"
    LEADERSHIP_EDIT = "leadership:group:edit"
    LEADERSHIP_READ = "leadership:group:read"
    PAIRING_EDIT = "pairings:pairing:edit"
    PAIRING_GOVERN = "pairings:pairing:govern"
    PAIRING_READ = "pairings:pairing:read"
    PEOPLE_CONFIRM = "accounts:people:confirm"
    PEOPLE_GOVERN = "accounts:people:govern"
    PEOPLE_READ = "accounts:people:read"
    ROLLUP_READ = "reports:rollup:read"
    ROSTER_IMPORT = "registers:roster:import"
    UNIT_READ = "units:unit:read"
    UNIT_TREE_GOVERN = "units:tree:govern"
    VISIT_CONFIRM = "visits:visit:confirm"
    VISIT_LOG = "visits:visit:log"
    VISIT_READ = "visits:visit:read"
    VOLUNTEER_GOVERN = "volunteers:roster:govern"
    VOLUNTEER_OWN_READ = "volunteers:own:read"
    VOLUNTEER_READ = "volunteers:roster:read"

    @property
    def room(self) -> str:
        """The room the permission belongs to: the first part of its value."""
        return self.value.partition(":")[0]

    @property
    def reaches_down(self) -> bool:
        """Whether it holds below one's own unit too: reading, and governing units and people."""
        return self.value.endswith((":read", ":govern"))


_P = Permission
_EVERYONE = frozenset({_P.ACCOUNT_OWN_EDIT, _P.ACCOUNT_SESSION_SWITCH, _P.HOME_PAGE_READ})
_NUMBERS = _EVERYONE | {_P.LEADERSHIP_READ, _P.ROLLUP_READ, _P.UNIT_READ}
_READS_FILES = _NUMBERS | {
    _P.CHILD_CARE_READ, _P.CHILD_FILE_READ, _P.CHILD_LIST_READ, _P.CHILD_NUMBER_COMPARE, _P.PAIRING_READ, _P.VISIT_READ,
}  # fmt: skip
_FILES = _READS_FILES | {_P.CHILD_FIELD_REVEAL}
_LOOKS_AFTER = frozenset({
    _P.CHILD_FILE_EDIT, _P.CHILD_ALARM_ACT, _P.CHILD_CARD_EDIT, _P.CHILD_CARE_ASSESS, _P.CHILD_NOTE_EDIT,
    _P.CHILD_PAPER_EDIT, _P.CHILD_PRIORITY_EDIT,
})  # fmt: skip
_ANSWERS = frozenset({_P.CHILD_COPY_EXPORT, _P.CHILD_REQUEST_EDIT})
_OPENS_ARCHIVE = frozenset({_P.CHILD_ARCHIVE_READ})
_HEADS_ARCHIVE = _OPENS_ARCHIVE | {_P.CHILD_ARCHIVE_RETURN}
_KEEPS_FILES = _FILES | _LOOKS_AFTER | {
    _P.CHILD_CARE_EDIT, _P.CHILD_CHANGE_EDIT, _P.CHILD_CONSENT_EDIT, _P.CHILD_TRANSFER_EDIT, _P.PAIRING_EDIT,
    _P.ROSTER_IMPORT, _P.VISIT_LOG,
}  # fmt: skip
_RUNS_SCHOOL = frozenset({_P.CHILD_CLASS_EDIT, _P.CHILD_TRANSFER_EDIT})
_HELPS_IN_CLASS = frozenset({_P.CLASS_HELP_EDIT})
_SECOND_YES = frozenset({_P.PAIRING_GOVERN})
_KNOWS_VOLUNTEERS = frozenset({_P.VOLUNTEER_READ})
_LEADS = _KNOWS_VOLUNTEERS | {_P.LEADERSHIP_EDIT, _P.VISIT_CONFIRM}
_RUNS_ROSTER = _KNOWS_VOLUNTEERS | {_P.VOLUNTEER_GOVERN}
_COUNTS = frozenset({_P.CENSUS_READ})
_FILLS = _COUNTS | {_P.CENSUS_FILL}
_SIGNS = _COUNTS | {_P.CENSUS_SIGN}
_CALLS = _COUNTS | {_P.CENSUS_GOVERN}
_DRILLS = frozenset({_P.CHILD_MASKED_READ})
_READS_LOG = frozenset({_P.AUDIT_READ})
_SEES_PEOPLE = frozenset({_P.PEOPLE_READ})
_LETS_IN = _SEES_PEOPLE | {_P.PEOPLE_GOVERN}
_SECONDS = _SEES_PEOPLE | {_P.PEOPLE_CONFIRM}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.COMMITTEE_OFFICE: _NUMBERS
    | _LETS_IN
    | _SECONDS
    | {_P.UNIT_TREE_GOVERN}
    | _READS_LOG
    | _DRILLS
    | _CALLS
    | {_P.COUNTY_RULES_EDIT, _P.LEADERSHIP_EDIT}
    | _KNOWS_VOLUNTEERS,
    Role.COUNTY_LEADER: _NUMBERS | _SECONDS | _READS_LOG | _COUNTS,
    Role.COUNTY_DEPARTMENT: _NUMBERS | _SEES_PEOPLE | _DRILLS | _COUNTS | _RUNS_ROSTER,
    Role.AUDITOR: _NUMBERS | _SEES_PEOPLE | _READS_LOG | _DRILLS | _COUNTS | _OPENS_ARCHIVE,
    Role.TOWNSHIP_COORDINATOR: _FILES
    | _LETS_IN
    | {_P.LEADERSHIP_EDIT, _P.UNIT_TREE_GOVERN, _P.VISIT_CONFIRM}
    | _READS_LOG
    | _CALLS
    | _SECOND_YES
    | _RUNS_ROSTER,
    Role.TOWNSHIP_LEADER: _NUMBERS | _SEES_PEOPLE | _READS_LOG | _DRILLS | _COUNTS,
    Role.CHILD_DIRECTOR: _KEEPS_FILES
    | _LETS_IN
    | _READS_LOG
    | _FILLS
    | _SIGNS
    | _ANSWERS
    | _HEADS_ARCHIVE
    | _LEADS,
    Role.PRINCIPAL: _FILES
    | _RUNS_SCHOOL
    | _LETS_IN
    | _READS_LOG
    | _SIGNS
    | _ANSWERS
    | _HEADS_ARCHIVE
    | _SECOND_YES
    | _LEADS,
    Role.SCHOOL_COORDINATOR: _KEEPS_FILES
    | _RUNS_SCHOOL
    | _LETS_IN
    | _READS_LOG
    | _FILLS
    | _SIGNS
    | _ANSWERS
    | _HELPS_IN_CLASS
    | _LEADS,
    Role.CLASS_TEACHER: _READS_FILES | _LOOKS_AFTER | _HELPS_IN_CLASS | {_P.VISIT_LOG} | _FILLS,
    Role.COUNSELLOR: _NUMBERS,
    Role.CENTER_KEEPER: _NUMBERS,
    Role.VOLUNTEER: _EVERYONE | {_P.CHILD_FILE_READ, _P.VISIT_LOG, _P.VISIT_READ, _P.VOLUNTEER_OWN_READ},
    Role.SYSTEM_ADMIN: _EVERYONE | _SECONDS,
    Role.SECURITY_ADMIN: _EVERYONE | _LETS_IN,
    Role.AUDIT_ADMIN: _EVERYONE | _SEES_PEOPLE | _READS_LOG,
}

DEPARTMENTS: dict[Permission, frozenset[Department]] = {
    _P.CHILD_MASKED_READ: frozenset({Department.EDUCATION, Department.CIVIL}),
    _P.VOLUNTEER_GOVERN: frozenset({Department.WOMEN, Department.YOUTH, Department.ELDERS}),
    _P.VOLUNTEER_READ: frozenset({Department.WOMEN, Department.YOUTH, Department.ELDERS}),
}
"""Where a county department has a permission only as one of these: 教育局 for school and study, 民政局 for
guardianship; 妇联, 团委 and 关工委 keep volunteers; the others work with figures."""


def permission_table() -> list[list[str]]:
    """The grants as rows of text: a head, then a permission and one column per role."""
    head = ["permission", *(role.value for role in Role)]
    rows = [[one.value, *("●" if one in GRANTS[role] else "" for role in Role)] for one in Permission]
    return [head, *rows]
