"""Words of the child’s file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


class Sex(Term):
    MALE = "male", _l("male")
    FEMALE = "female", _l("female")


class ParentRole(Term):
    FATHER = "father", _l("father")
    MOTHER = "mother", _l("mother")


class Basis(Term):
    """口径. OFFICIAL is 国发〔2016〕13号; WIDE is one or both parents away."""

    OFFICIAL = "official", _l("official basis")
    WIDE = "wide", _l("wide basis")


class Schooling(Term):
    """就学情况 (official form)."""

    NOT_YET = "not_yet", _l("not yet in kindergarten")
    KINDERGARTEN = "kindergarten", _l("in kindergarten")
    PRIMARY = "primary", _l("in primary school")
    JUNIOR = "junior", _l("in junior middle school")
    SENIOR = "senior", _l("in senior middle school")
    VOCATIONAL = "vocational", _l("in vocational school")
    SPECIAL = "special", _l("in special education")
    DROPPED_OUT = "dropped_out", _l("dropped out")
    NOT_IN_SCHOOL = "not_in_school", _l("aged 14 to 16, not in school")


class FileField(Term):
    """The fields of a child's file that not every reader sees (portal/tenancy/masks.py)."""

    NAME = "name", _l("name")
    ID_NUMBER = "id_number", _l("ID number")
    GUARDIAN_PHONE = "guardian_phone", _l("guardian’s phone")
    ADDRESS = "address", _l("address")
    NOTE = "note", _l("health and family notes")


class RevealReason(Term):
    """Why somebody looks at a covered field."""

    REACH_FAMILY = "reach_family", _l("to reach the family")
    PREPARE_VISIT = "prepare_visit", _l("to prepare a visit")
    CARE = "care", _l("to care for the child’s health or mood")
    CHECK_FILE = "check_file", _l("to check the file against paper")
    DANGER = "danger", _l("the child may be in danger")


class ListPurpose(Term):
    """What somebody who sees names masked needs the children behind a figure for."""

    CHECK_FIGURE = "check_figure", _l("to check the figure")
    SPOT_CHECK = "spot_check", _l("for an inspection or a spot check")
    PLAN_SUPPORT = "plan_support", _l("to plan aid, visits or condolence")
    LETTER = "letter", _l("to answer a letter or a petition")
    OTHER = "other", _l("for another reason")


class NoteKind(Term):
    """What a sensitive note is about."""

    HEALTH = "health", _l("health")
    MIND = "mind", _l("mind and mood")
    FAMILY = "family", _l("family troubles")
    DISABILITY = "disability", _l("disability")


class Health(Term):
    """健康状况 (official form)."""

    WELL = "well", _l("healthy")
    DISABLED = "disabled", _l("disabled")
    ILL = "ill", _l("seriously ill")


class Disability(Term):
    """残疾类别 (第二代残疾人证)."""

    VISION = "vision", _l("vision")
    HEARING = "hearing", _l("hearing")
    SPEECH = "speech", _l("speech")
    LIMBS = "limbs", _l("limbs")
    INTELLECT = "intellect", _l("intellect")
    MENTAL = "mental", _l("mental")
    MULTIPLE = "multiple", _l("multiple")


class FiledState(Term):
    """建档情况: derived from what stands in the file and when it was last looked through."""

    INCOMPLETE = "incomplete", _l("incomplete")
    TO_VERIFY = "to_verify", _l("to be verified this term")
    FILED = "filed", _l("filed")
