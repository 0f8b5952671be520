"""What one row of a roster says, once read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.terms import GuardianKind, RefusalReason, Sex


class RowNote(StrEnum):
    """What the reader had to assume in an accepted row; the clerk sees it and may correct it."""

    BIRTH_DATE_FROM_ID = "birth_date_from_id"
    BIRTH_DAY_FROM_ID = "birth_day_from_id"
    SEX_FROM_ID = "sex_from_id"
    SIXTEEN_OR_OLDER = "sixteen_or_older"
    HUKOU_UNCLEAR = "hukou_unclear"
    BOARDING_UNCLEAR = "boarding_unclear"
    FATHER_AWAY_BLANK = "father_away_blank"
    MOTHER_AWAY_BLANK = "mother_away_blank"
    FATHER_HOME_TIME_IGNORED = "father_home_time_ignored"
    MOTHER_HOME_TIME_IGNORED = "mother_home_time_ignored"
    FATHER_PLACE_BLANK = "father_place_blank"
    MOTHER_PLACE_BLANK = "mother_place_blank"
    CAPABILITY_BLANK = "capability_blank"
    GUARDIAN_TAKEN_FROM_HOME = "guardian_taken_from_home"
    GUARDIAN_UNCLEAR = "guardian_unclear"
    GUARDIAN_PARENT_BUT_BOTH_AWAY = "guardian_parent_but_both_away"
    GUARDIAN_BORN_UNCLEAR = "guardian_born_unclear"
    ASSESSMENT_UNCLEAR = "assessment_unclear"


@dataclass(frozen=True)
class ParentFacts:
    """One parent as the roster has it; `since` is the first of the month written, only where `away`."""

    name: str = ""
    phone: str = ""
    away: bool = False
    since: date | None = None
    place: str = ""
    inside_county: bool = False


@dataclass(frozen=True)
class GuardianFacts:
    """The actual guardian. `kind` is None where the roster does not tell; that is not 无人监护."""

    name: str = ""
    kind: GuardianKind | None = None
    word: str = ""
    """祖父母, 外祖父母, 亲属, 父母, 无人监护, …: the group word of the official form."""
    relation: str = ""
    phone: str = ""
    birth_year: int | None = None
    assessment: str = ""
    """较好, 一般, 差 or nothing."""


@dataclass(frozen=True)
class RosterRow:
    """One data row: refused for exactly one `reason`, or accepted with `notes`.

    A refused row carries whatever could be read of it; `detail` is what the reason speaks of (the unreadable
    text, or the number of the row that has the same ID number).
    """

    row: int
    raw: tuple[Any, ...]
    reason: RefusalReason | None = None
    detail: str = ""
    notes: tuple[RowNote, ...] = ()
    name: str = ""
    sex: Sex | None = None
    birth_date: date | None = None
    id_no: str = ""
    ethnicity: str = ""
    hukou_registered: bool | None = None
    village: Any = None
    """The key that `find_village` gave."""
    address: str = ""
    health: str = ""
    schooling: str = ""
    grade: int | None = None
    class_name: str = ""
    boarding: bool | None = None
    father: ParentFacts = ParentFacts()
    mother: ParentFacts = ParentFacts()
    other_parent_capable: bool | None = None
    guardian: GuardianFacts = GuardianFacts()
    income_source: str = ""
    aid: str = ""
    remark: str = ""
