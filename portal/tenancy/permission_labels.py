"""What each permission lets one do, in words: for the permission page. A test asks for every one."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.tenancy.permissions import Permission as P

LABELS: dict[P, Any] = {
    P.PEOPLE_CONFIRM: _l("say yes as the second person to a grant that needs one"),
    P.PEOPLE_GOVERN: _l("invite people, renew their access, end grants, hand work over"),
    P.PEOPLE_READ: _l("see who is on duty"),
    P.ACCOUNT_OWN_EDIT: _l("keep one's own account: password, second factor, devices"),
    P.ACCOUNT_SESSION_SWITCH: _l("switch between one's own roles"),
    P.AUDIT_READ: _l("read the log: who did and saw what"),
    P.CENSUS_FILL: _l("work through a list of the census"),
    P.CENSUS_GOVERN: _l("open and close a census, send lists back, enter for a village"),
    P.CENSUS_READ: _l("see how far a census is"),
    P.CENSUS_SIGN: _l("check and sign a list of the census"),
    P.CHILD_ALARM_ACT: _l("write down what was done about an alarm"),
    P.CHILD_ARCHIVE_READ: _l("look into the archive of children who have left, with a reason"),
    P.CHILD_ARCHIVE_RETURN: _l("take a file out of the archive when a child is back"),
    P.CHILD_CARD_EDIT: _l("confirm a contact card with the family"),
    P.CHILD_CARE_ASSESS: _l("assess how a guardian copes, ask how often parents are in touch"),
    P.CHILD_CARE_EDIT: _l("change the guardian, keep agreements on delegated care"),
    P.CHILD_CARE_READ: _l("see guardianship, alarms, priority children and their plans"),
    P.CHILD_CHANGE_EDIT: _l("write down what happened to a child, close the change table"),
    P.CHILD_CLASS_EDIT: _l("keep the classes of a school and move them up in September"),
    P.CHILD_CONSENT_EDIT: _l("write down and withdraw consents"),
    P.CHILD_COPY_EXPORT: _l("hand the family a copy of everything on file"),
    P.CHILD_FIELD_REVEAL: _l("uncover a field of a child's file"),
    P.CHILD_FILE_EDIT: _l("open a new file, edit one’s own part of a file, propose changes of the other"),
    P.CHILD_FILE_READ: _l("open a child's file"),
    P.CHILD_LIST_READ: _l("see the list of children"),
    P.CHILD_MASKED_READ: _l(
        "see whom a figure counts, with masked names and for a purpose (of the departments, education and"
        " civil affairs alone)"
    ),
    P.CHILD_NOTE_EDIT: _l("write and end sensitive notes"),
    P.CHILD_NUMBER_COMPARE: _l("compare an ID number with the file"),
    P.CHILD_PAPER_EDIT: _l("attach scans and photos, void them"),
    P.CHILD_PRIORITY_EDIT: _l("decide how closely a child is looked after, keep plans"),
    P.CHILD_REQUEST_EDIT: _l("take in and answer what a family asks about its data"),
    P.CHILD_TRANSFER_EDIT: _l("offer and accept transfers of children"),
    P.CLASS_HELP_EDIT: _l("write down tutors, peer buddies and care representatives of a class"),
    P.COUNTY_RULES_EDIT: _l("set how long files are kept, when a child counts and how many one person helps"),
    P.HOME_PAGE_READ: _l("see one's landing page"),
    P.LEADERSHIP_EDIT: _l("keep the unit’s groups, meetings and plans"),
    P.LEADERSHIP_READ: _l("see leadership groups, meetings and plans, down the tree"),
    P.PAIRING_EDIT: _l("arrange and end pairings"),
    P.PAIRING_GOVERN: _l("say yes as the second person to a pairing with somebody from outside"),
    P.PAIRING_READ: _l("see pairings"),
    P.ROLLUP_READ: _l("read the roll-up (figures, no names)"),
    P.ROSTER_IMPORT: _l("bring a roster in"),
    P.UNIT_READ: _l("see units"),
    P.UNIT_TREE_GOVERN: _l("open, rename, move, merge, split and close the units below"),
    P.VISIT_CONFIRM: _l("confirm the services of volunteers as the second person"),
    P.VISIT_LOG: _l("log visits"),
    P.VISIT_READ: _l("read visits"),
    P.VOLUNTEER_GOVERN: _l("enter and check volunteers, put them onto the roster, pause them"),
    P.VOLUNTEER_OWN_READ: _l("read one’s own service and print the certificate"),
    P.VOLUNTEER_READ: _l("see the roster of volunteers"),
}
"""Permission → what it allows, beginning with a verb."""

ROOMS: dict[str, Any] = {
    "accounts": _l("Accounts and people"),
    "audit": _l("Audit"),
    "children": _l("Children"),
    "home": _l("Landing page"),
    "leadership": _l("Leadership groups"),
    "pairings": _l("Pairings"),
    "registers": _l("Registers"),
    "reports": _l("Reports"),
    "units": _l("Units"),
    "visits": _l("Visits"),
    "volunteers": _l("Volunteers"),
}
"""Room → its name as a group of permissions."""
