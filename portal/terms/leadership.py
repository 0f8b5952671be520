"""Words of leadership: groups, who sits in them, what they decide and plan (domain.md C-05, S01–S06)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


class GroupKind(Term):
    LEADING = "leading", _l("leadership group")
    WORKING = "working", _l("working group")
    JOINT_CONFERENCE = "joint_conference", _l("joint conference")
    PROXY_PARENTS = "proxy_parents", _l("committee of proxy parents")
    PARENTS = "parents", _l("parents’ committee")


class Position(Term):
    """A post in a group, in the order in which a list of members prints them."""

    HEAD = "head", _l("head")
    FIRST_DEPUTY = "first_deputy", _l("first deputy head")
    DEPUTY = "deputy", _l("deputy head")
    MEMBER = "member", _l("member")
    OFFICE_HEAD = "office_head", _l("head of the office")
    LIAISON = "liaison", _l("liaison")


class DutyArea(Term):
    """What somebody in a group answers for (S02)."""

    SAFETY_LAW = "safety_law", _l("safety and law")
    IDEALS = "ideals", _l("conduct and ideals")
    STUDY = "study", _l("study")
    LIFE = "life", _l("daily life")
    MIND = "mind", _l("mind")
    PUBLICITY = "publicity", _l("publicity")
    LOGISTICS = "logistics", _l("supplies")
    LIAISON = "liaison", _l("liaison with others")
    SUPERVISION = "supervision", _l("supervision")


class GroupEnd(Term):
    RENEWED = "renewed", _l("a new group takes over")
    DISSOLVED = "dissolved", _l("dissolved")


class TaskState(Term):
    """How far a decision, an item of a plan or a target has come."""

    OPEN = "open", _l("open")
    DONE = "done", _l("done")
    DROPPED = "dropped", _l("dropped")
