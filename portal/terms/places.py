"""Words of units and of what happens to the tree."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


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
