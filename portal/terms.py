"""The words of the field: every stored enum with its label, so that a term is spelled in one place.

Values are stable and stored; labels are translated (English msgids, `zh_Hans_CN` in the catalogue).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from flask_babel import lazy_gettext as _l


class Term(StrEnum):
    """An enum whose members carry a `label` for people: `TALK = "talk", _l("talk")`."""

    label: Any

    def __new__(cls, value: str, label: Any = None) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label if label is not None else value
        return member


class UnitKind(Term):
    COUNTY = "county", _l("county")
    TOWNSHIP = "township", _l("township")
    VILLAGE = "village", _l("village")
    SCHOOL = "school", _l("school")


class SchoolKind(Term):
    """办学类型. Kindergartens are a dimension, never part of the compulsory figures."""

    PRIMARY = "primary", _l("primary school")
    JUNIOR = "junior", _l("junior middle school")
    NINE_YEAR = "nine_year", _l("nine-year school")
    TEACHING_POINT = "teaching_point", _l("teaching point")
    KINDERGARTEN = "kindergarten", _l("kindergarten")


class Side(Term):
    """The two trees a child hangs on (居住地 / 学籍)."""

    VILLAGE = "village", _l("by residence")
    SCHOOL = "school", _l("by enrolment")


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


class GuardianKind(Term):
    """监护类型."""

    PARENT = "parent", _l("father or mother at home")
    GRANDPARENT = "grandparent", _l("grandparents")
    RELATIVE = "relative", _l("relatives")
    TEACHER = "teacher", _l("teacher")
    OTHER_ADULT = "other_adult", _l("another adult")
    SIBLING = "sibling", _l("brother or sister")
    INSTITUTION = "institution", _l("institution")
    NONE = "none", _l("no guardian")


class Assessment(Term):
    """监护状况评估 with the three printed levels of the official form (民发〔2016〕42号)."""

    GOOD = "good", _l("good")
    FAIR = "fair", _l("fair")
    POOR = "poor", _l("poor")


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


class VolunteerCategory(Term):
    FIVE_ELDERS = "five_elders", _l("five elders")
    TEACHER = "teacher", _l("teacher volunteer")
    CADRE = "cadre", _l("party member or cadre")
    WOMEN = "women", _l("women's federation volunteer")
    STUDENT = "student", _l("university student")
    WESTERN = "western", _l("Western Plan volunteer")
    CITIZEN = "citizen", _l("caring citizen")
    PROFESSIONAL = "professional", _l("professional")


class VolunteerStatus(Term):
    APPLIED = "applied", _l("applied")
    PENDING = "pending", _l("waiting for review")
    ACTIVE = "active", _l("on the roster")
    PAUSED = "paused", _l("paused")
    LEFT = "left", _l("left")


class PairingKind(Term):
    """结对类型."""

    VOLUNTEER = "volunteer", _l("volunteer pairing")
    PROXY_PARENT = "proxy_parent", _l("proxy parent")
    CARING_MOTHER = "caring_mother", _l("caring mother")
    FIVE_ELDERS = "five_elders", _l("five elders")
    TEACHER = "teacher", _l("helping teacher")
    TUTOR = "tutor", _l("study tutor")
    MENTOR = "mentor", _l("mentor")
    CADRE = "cadre", _l("cadre")
    PARTY_MEMBER = "party_member", _l("party member")
    ENTERPRISE = "enterprise", _l("enterprise")


class PairingEnd(Term):
    """结对结束原因."""

    TERM_OVER = "term_over", _l("the agreed time is over")
    PARENTS_BACK = "parents_back", _l("the parents are back")
    MOVED = "moved", _l("helper or child moved away")
    NOT_KEPT = "not_kept", _l("the promise was not kept")
    HANDED_OVER = "handed_over", _l("handed over to a successor")
    OTHER = "other", _l("another reason")


class VisitKind(Term):
    """Every contact with a child: 谈心, 家访, 通话, 视频, 书信, 监护人沟通, 到校."""

    TALK = "talk", _l("talk")
    HOME_VISIT = "home_visit", _l("home visit")
    CALL = "call", _l("call")
    VIDEO = "video", _l("video call")
    LETTER = "letter", _l("letter")
    GUARDIAN = "guardian", _l("talk with the guardian")
    SCHOOL_VISIT = "school_visit", _l("visit at school")


class Met(Term):
    CHILD = "child", _l("the child")
    FATHER = "father", _l("the father")
    MOTHER = "mother", _l("the mother")
    GUARDIAN = "guardian", _l("the guardian")
    TEACHER = "teacher", _l("a teacher")
    NOBODY = "nobody", _l("nobody was at home")


class Topic(Term):
    STUDY = "study", _l("study")
    LIFE = "life", _l("daily life")
    MOOD = "mood", _l("mood")
    FRIENDS = "friends", _l("friends")
    HEALTH = "health", _l("health")
    SAFETY = "safety", _l("safety")
    FAMILY = "family", _l("family ties")
    BEHAVIOR = "behavior", _l("behavior")
    HARDSHIP = "hardship", _l("hardship")


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


class ChangeKind(Term):
    """What may be done to the tree."""

    OPENED = "opened", _l("opened")
    RENAMED = "renamed", _l("renamed")
    MOVED = "moved", _l("moved")
    MERGED = "merged", _l("merged")
    SPLIT = "split", _l("split")
    CLOSED = "closed", _l("closed down")
    REOPENED = "reopened", _l("reopened")


class ChangeState(Term):
    """How far an act upon the tree is."""

    PLANNED = "planned", _l("planned")
    DONE = "done", _l("done")
    FAILED = "failed", _l("could not be carried out")
    CANCELLED = "cancelled", _l("cancelled")
    UNDONE = "undone", _l("undone")


class SubmissionState(Term):
    DRAFT = "draft", _l("draft")
    SIGNED = "signed", _l("signed")
    SUBMITTED = "submitted", _l("submitted")
    RETURNED = "returned", _l("sent back")
    ACCEPTED = "accepted", _l("accepted")
    ARCHIVED = "archived", _l("archived")


class JobState(Term):
    WAITING = "waiting", _l("waiting")
    RUNNING = "running", _l("running")
    DONE = "done", _l("done")
    FAILED = "failed", _l("failed")
    CANCELLED = "cancelled", _l("cancelled")


class ImportState(Term):
    READING = "reading", _l("being read")
    PREVIEWED = "previewed", _l("waiting for your confirmation")
    COMMITTING = "committing", _l("being taken in")
    COMMITTED = "committed", _l("taken in")
    REFUSED = "refused", _l("file refused")


class RowOutcome(Term):
    NEW = "new", _l("new")
    CHANGED = "changed", _l("changed")
    UNCHANGED = "unchanged", _l("unchanged")
    REFUSED = "refused", _l("refused")


class RefusalReason(Term):
    """Why one row of a roster cannot be taken (contract.md §5); the label tells the clerk what to do."""

    NAME_MISSING = "name_missing", _l("The name is missing: write the child's full name.")
    ID_MISSING = "id_missing", _l("The ID number is missing: write all 18 digits.")
    ID_LENGTH = "id_length", _l("The ID number does not have 18 digits: check it against the household book.")
    ID_CHECKSUM = "id_checksum", _l("The ID number is mistyped: its check digit does not fit.")
    ID_NUMBER_IS_A_ROUNDED_NUMBER = (
        "id_number_is_a_rounded_number",
        _l("Excel rounded the ID number: format the cell as text and type it again."),
    )
    ID_DATE_INVALID = (
        "id_date_invalid",
        _l("The ID number holds a date that does not exist: check digits 7 to 14."),
    )
    BIRTH_DATE_INVALID = "birth_date_invalid", _l("There is no such birth date: write it like 2015-06-12.")
    BIRTH_DATE_DIFFERS_FROM_ID = (
        "birth_date_differs_from_id",
        _l("The birth date and the ID number differ: one of them is wrong."),
    )
    SEX_DIFFERS_FROM_ID = "sex_differs_from_id", _l("The sex and the ID number differ: one of them is wrong.")
    BIRTH_DATE_IN_FUTURE = (
        "birth_date_in_future",
        _l("The birth date lies in the future: check the year."),
    )
    SEX_UNREADABLE = "sex_unreadable", _l("The sex cannot be read: write 男 or 女.")
    VILLAGE_MISSING = (
        "village_missing",
        _l("The place of residence is missing: write township and village."),
    )
    VILLAGE_UNKNOWN = (
        "village_unknown",
        _l("This county has no such village, or several: write township and village, like 白岭乡茶山村."),
    )
    AWAY_SINCE_IN_FUTURE = (
        "away_since_in_future",
        _l("The parent would leave only in the future: check the month."),
    )
    CAPABILITY_UNREADABLE = (
        "capability_unreadable",
        _l("It is not clear whether the parent at home can care for the child: write 有 or 无."),
    )
    TEXT_TOO_LONG = "text_too_long", _l("A text in this row is too long: shorten it.")
    ON_FILE_ELSEWHERE = (
        "on_file_elsewhere",
        _l("Another unit of the county keeps this child's file: ask it for a transfer."),
    )
    DUPLICATE_IN_FILE = "duplicate_in_file", _l("This child stands in the file twice: keep one row.")
    AWAY_UNREADABLE = (
        "away_unreadable",
        _l("It is not clear whether the parent is away: write yes or no, and since which month."),
    )


class ActKind(Term):
    """What an audit line is about, for the reader who filters."""

    LOOK = "look", _l("looked at a file")
    CHANGE = "change", _l("changed something")
    EXPORT = "export", _l("took a list out")
    SIGN_IN = "sign_in", _l("signed in or out")
    GRANT = "grant", _l("duties and accounts")
    ALERT = "alert", _l("out of the ordinary")


class PostShow(Term):
    """The lists of a unit's posts."""

    LIVE = "live", _l("on duty")
    INVITED = "invited", _l("invited")
    DUE = "due", _l("to look at again")
    ENDED = "ended", _l("ended")


class PostState(Term):
    """Where a grant stands."""

    LIVE = "live", _l("on duty")
    LATER = "later", _l("begins later")
    INVITED = "invited", _l("code not used yet")
    AWAITS_SECOND = "awaits_second", _l("waits for a second person")
    ENDED = "ended", _l("ended")


class SessionEnd(Term):
    """Why a session was ended before its time."""

    SIGNED_OUT = "signed_out", _l("signed out")
    REPLACED = "replaced", _l("signed in on another device")
    ENDED = "ended", _l("ended from the list of devices")
    SECRET_CHANGED = "secret_changed", _l("password or second factor changed")
    ADMINISTERED = "administered", _l("ended by the administration")
