"""The sixteen roles: thirteen working ones and the three administrators (三员分立)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms import Term, UnitKind


class Role(Term):
    COMMITTEE_OFFICE = "committee_office", _l("committee office")
    COUNTY_LEADER = "county_leader", _l("county leader")
    COUNTY_DEPARTMENT = "county_department", _l("county department")
    AUDITOR = "auditor", _l("auditor")
    TOWNSHIP_COORDINATOR = "township_coordinator", _l("township coordinator (child supervisor)")
    TOWNSHIP_LEADER = "township_leader", _l("township leader")
    CHILD_DIRECTOR = "child_director", _l("child director")
    PRINCIPAL = "principal", _l("principal")
    SCHOOL_COORDINATOR = "school_coordinator", _l("school coordinator")
    CLASS_TEACHER = "class_teacher", _l("class teacher")
    COUNSELLOR = "counsellor", _l("counsellor")
    CENTER_KEEPER = "center_keeper", _l("center keeper")
    VOLUNTEER = "volunteer", _l("volunteer")
    SYSTEM_ADMIN = "system_admin", _l("system administrator")
    SECURITY_ADMIN = "security_admin", _l("security administrator")
    AUDIT_ADMIN = "audit_admin", _l("audit administrator")


class AccountKind(Term):
    """What a person is in the portal for good: at work with children's affairs, or one of the three.

    Nobody is two of them (三员分立): the keys person → account → membership carry it, so the database
    itself refuses a second kind.
    """

    WORKING = "working"
    SYSTEM_ADMIN = Role.SYSTEM_ADMIN.value
    SECURITY_ADMIN = Role.SECURITY_ADMIN.value
    AUDIT_ADMIN = Role.AUDIT_ADMIN.value


ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""三员: system, security and audit administrator."""


def account_kind_of(role: Role) -> AccountKind:
    """The kind of account a role needs."""
    return AccountKind(role.value) if role in ADMINISTRATORS else AccountKind.WORKING


class Department(Term):
    """The county department a COUNTY_DEPARTMENT membership speaks for."""

    WOMEN = "women", _l("women's federation")
    YOUTH = "youth", _l("youth league")
    EDUCATION = "education", _l("education bureau")
    CIVIL = "civil", _l("civil affairs bureau")
    ELDERS = "elders", _l("committee of elders")
    JUSTICE = "justice", _l("police, prosecution and justice")
    STATISTICS = "statistics", _l("statistics bureau")


PLACES: dict[Role, frozenset[UnitKind]] = {
    Role.COMMITTEE_OFFICE: frozenset({UnitKind.COUNTY}),
    Role.COUNTY_LEADER: frozenset({UnitKind.COUNTY}),
    Role.COUNTY_DEPARTMENT: frozenset({UnitKind.COUNTY}),
    Role.AUDITOR: frozenset({UnitKind.COUNTY}),
    Role.TOWNSHIP_COORDINATOR: frozenset({UnitKind.TOWNSHIP}),
    Role.TOWNSHIP_LEADER: frozenset({UnitKind.TOWNSHIP}),
    Role.CHILD_DIRECTOR: frozenset({UnitKind.VILLAGE}),
    Role.PRINCIPAL: frozenset({UnitKind.SCHOOL}),
    Role.SCHOOL_COORDINATOR: frozenset({UnitKind.SCHOOL}),
    Role.CLASS_TEACHER: frozenset({UnitKind.SCHOOL}),
    Role.COUNSELLOR: frozenset({UnitKind.SCHOOL, UnitKind.TOWNSHIP, UnitKind.COUNTY}),
    Role.CENTER_KEEPER: frozenset({UnitKind.SCHOOL, UnitKind.VILLAGE, UnitKind.TOWNSHIP}),
    Role.VOLUNTEER: frozenset({UnitKind.COUNTY, UnitKind.TOWNSHIP, UnitKind.VILLAGE, UnitKind.SCHOOL}),
    Role.SYSTEM_ADMIN: frozenset({UnitKind.COUNTY}),
    Role.SECURITY_ADMIN: frozenset({UnitKind.COUNTY}),
    Role.AUDIT_ADMIN: frozenset({UnitKind.COUNTY}),
}
"""The kinds of unit at which a role may be held."""


def sees_widely(role: Role, kind: UnitKind) -> bool:
    """Whether a role at a unit of this kind reaches beyond one school or village (administrators do).

    Such roles need a second factor. Volunteers see their own children only, wherever they are placed.
    """
    return kind in (UnitKind.COUNTY, UnitKind.TOWNSHIP) and role is not Role.VOLUNTEER
