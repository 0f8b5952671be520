"""Words of pairing (结对帮扶): kinds, reasons, packages of duties, pupils who help each other."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


class LimitKind(Term):
    """For whom a county sets how many children one person helps at the same time."""

    TEACHER = "teacher", _l("a teacher")
    TUTOR = "tutor", _l("a study tutor")
    CADRE = "cadre", _l("a cadre")
    OTHER = "other", _l("any other helper")


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

    @property
    def is_of_school(self) -> bool:
        """Whether a teacher of the school helps, by her duty."""
        return self in (PairingKind.TEACHER, PairingKind.TUTOR, PairingKind.MENTOR)

    @property
    def is_of_office(self) -> bool:
        """Whether somebody helps who was assigned by an office or the party."""
        return self in (PairingKind.CADRE, PairingKind.PARTY_MEMBER)

    @property
    def is_checked(self) -> bool:
        """Whether the helper must stand on the roster with a valid check, and two people say yes (未保法 art. 62)."""
        return not (self.is_of_school or self.is_of_office)

    @property
    def asks_family(self) -> bool:
        """Whether the family must have agreed: a teacher of the school helps by her duty."""
        return not self.is_of_school

    @property
    def limit_kind(self) -> LimitKind:
        """Whose limit holds."""
        if self in (PairingKind.TEACHER, PairingKind.MENTOR):
            return LimitKind.TEACHER
        if self is PairingKind.TUTOR:
            return LimitKind.TUTOR
        return LimitKind.CADRE if self.is_of_office else LimitKind.OTHER

    @property
    def every(self) -> timedelta:
        """How long such a helper may go without any contact, where no package says more."""
        return timedelta(days=92 if self.is_of_office or self is PairingKind.ENTERPRISE else 31)


class PairingEnd(Term):
    """结对结束原因."""

    TERM_OVER = "term_over", _l("the agreed time is over")
    PARENTS_BACK = "parents_back", _l("the parents are back")
    MOVED = "moved", _l("helper or child moved away")
    NOT_KEPT = "not_kept", _l("the promise was not kept")
    HANDED_OVER = "handed_over", _l("handed over to a successor")
    WITHDRAWN = "withdrawn", _l("the family withdrew its consent")
    OTHER = "other", _l("another reason")


class PairingReason(Term):
    """Why this child is helped."""

    PRIORITY = "priority", _l("priority child")
    POVERTY = "poverty", _l("hardship at home")
    STUDY = "study", _l("trouble with school work")
    BEHAVIOR = "behavior", _l("behavior")
    MIND = "mind", _l("state of mind")
    GENERAL = "general", _l("general care")


class HelperRank(Term):
    """行政级别 of a cadre who helps (S21)."""

    COUNTY = "county", _l("county rank")
    SECTION = "section", _l("section rank")
    UNIT = "unit", _l("unit rank")
    STAFF = "staff", _l("staff")


class LocalLabel(Term):
    """What such a helper is called locally (S24)."""

    PROXY_MOTHER = "proxy_mother", _l("proxy mother")
    STANDBY_MOTHER = "standby_mother", _l("standby mother")
    DEPUTY_MOTHER = "deputy_mother", _l("deputy mother")
    CARING_FATHER = "caring_father", _l("caring father")
    CARING_PARENT = "caring_parent", _l("caring parent")


class DutyPackage(Term):
    """The named sets of duties of a helper (S73–S75)."""

    FIVE_ONES = "five_ones", _l("the five ones")
    THREE_ONES = "three_ones", _l("the three ones")
    THREE_THREES = "three_threes", _l("the three threes")
    KNOW_AND_MEET = "know_and_meet", _l("meet, know and talk")

    @property
    def every(self) -> timedelta:
        """The longest time without a contact: a call every quarter (D4-18), a talk every half month (D3-1), else
        one contact a month (D4-02)."""
        days = {DutyPackage.THREE_ONES: 92, DutyPackage.THREE_THREES: 16}
        return timedelta(days=days.get(self, 31))


class BuddyKind(Term):
    """同伴互助 (S25)."""

    LITTLE_TEACHER = "little_teacher", _l("little teacher")
    STUDY_HELPER = "study_helper", _l("helps with school work")
    FRIENDS = "friends", _l("hand in hand")
    GROUP = "group", _l("study group")


class PairingState(Term):
    """Of a pairing that a second person has to say yes to."""

    OPEN = "open", _l("waits for the second yes")
    AGREED = "agreed", _l("agreed")
    REFUSED = "refused", _l("not agreed")
    WITHDRAWN = "withdrawn", _l("withdrawn")
