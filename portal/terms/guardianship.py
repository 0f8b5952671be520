"""Words of family, guardianship and priority."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


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


class ParentState(Term):
    """What became of a father or mother (official form; one who is gone cannot care)."""

    LIVING = "living", _l("living")
    DEAD = "dead", _l("dead")
    MISSING = "missing", _l("missing")
    OUT_OF_TOUCH = "out_of_touch", _l("out of touch")
    IN_PRISON = "in_prison", _l("in prison")
    IN_REHAB = "in_rehab", _l("in compulsory drug rehabilitation")
    DIVORCED = "divorced", _l("divorced and living apart")

    @property
    def is_gone(self) -> bool:
        """Whether such a parent cannot care for the child, whatever else is written."""
        return self not in (ParentState.LIVING, ParentState.DIVORCED)


class Incapable(Term):
    """无监护能力 and why (民发〔2016〕42号: 因重病、重残等原因)."""

    ILL = "ill", _l("seriously ill")
    DISABLED = "disabled", _l("severely disabled")
    OTHER = "other", _l("for another reason")


class GuardianHealth(Term):
    GOOD = "good", _l("in good health")
    FRAIL = "frail", _l("frail")
    ILL = "ill", _l("chronically ill")
    DISABLED = "disabled", _l("disabled")


class Education(Term):
    NONE = "none", _l("cannot read")
    PRIMARY = "primary", _l("primary school")
    JUNIOR = "junior", _l("junior middle school")
    SENIOR = "senior", _l("senior middle school")
    COLLEGE = "college", _l("college or more")


class CarerRelation(Term):
    """与代管人的融洽程度."""

    WARM = "warm", _l("they get on well")
    EVEN = "even", _l("they get on")
    TENSE = "tense", _l("tense")
    UNKNOWN = "unknown", _l("not known")


class ContactRhythm(Term):
    """How often the parents who are away are in touch (未成年人保护法 art. 23: at least weekly)."""

    WEEKLY = "weekly", _l("every week")
    MONTHLY = "monthly", _l("every month")
    QUARTERLY = "quarterly", _l("every quarter")
    YEARLY = "yearly", _l("once a year")
    LOST = "lost", _l("out of touch")


class IncomeSource(Term):
    WORK = "work", _l("work away from home")
    FARMING = "farming", _l("farming")
    RELIEF = "relief", _l("government relief")
    KIN = "kin", _l("help of relatives and friends")
    OTHER = "other", _l("another source")


class AidKind(Term):
    """What aid the household gets."""

    SUBSISTENCE = "subsistence", _l("subsistence allowance")
    TEMPORARY = "temporary", _l("temporary relief")
    MEDICAL = "medical", _l("medical relief")
    HOUSING = "housing", _l("housing relief")
    SCHOOL = "school", _l("school fees and boarding allowance")
    SPRING_BUD = "spring_bud", _l("Spring Bud grant")
    ORPHAN = "orphan", _l("orphan’s allowance")
    UNRAISED = "unraised", _l("allowance for children without care")
    OTHER = "other", _l("other aid")

    @property
    def tells_hardship(self) -> bool:
        """Whether the household is poor by this aid: what 贫困 is read from."""
        return self in (AidKind.SUBSISTENCE, AidKind.TEMPORARY, AidKind.MEDICAL, AidKind.HOUSING)


class AlarmKind(Term):
    """What raises an alarm that only an act can quiet (未成年人保护法 art. 21)."""

    NO_GUARDIAN = "no_guardian", _l("no effective guardian")
    LIVES_ALONE = "lives_alone", _l("lives alone")


class AlarmAct(Term):
    """What was done about an alarm."""

    REPORTED = "reported", _l("reported to the police")
    PARENTS_CALLED = "parents_called", _l("parents called back or urged")
    CARER_SOUGHT = "carer_sought", _l("a carer is being found")
    STAYS_AT_SCHOOL = "stays_at_school", _l("boards at school for the time being")
    STAYS_WITH_VILLAGE = "stays_with_village", _l("looked after by the village for the time being")
    IN_INSTITUTION = "in_institution", _l("taken in by an institution")
    CIVIL_AFFAIRS = "civil_affairs", _l("handed to the civil affairs office")


class PriorityReason(Term):
    """重点对象 and why. A suspicion of harm is a mandatory report, never a reason written here."""

    NO_GUARDIAN = "no_guardian", _l("nobody cares for the child")
    POOR_GUARDIAN = "poor_guardian", _l("guardian cannot cope")
    LIVES_ALONE = "lives_alone", _l("lives alone")
    OUT_OF_SCHOOL = "out_of_school", _l("out of school")
    NO_HUKOU = "no_hukou", _l("not registered")
    DISABLED = "disabled", _l("disabled")
    ILL = "ill", _l("seriously ill")
    POOR = "poor", _l("in hardship")
    BEHAVIOR = "behavior", _l("behavior")
    MIND = "mind", _l("mind and mood")
    LOST_TOUCH = "lost_touch", _l("parents out of touch")


class PriorityLevel(Term):
    LOW = "low", _l("ordinary care")
    MIDDLE = "middle", _l("closer care")
    HIGH = "high", _l("close care")
    URGENT = "urgent", _l("urgent")


class PlanKind(Term):
    """Why a child has a plan of her own (个别教育管理方案, 重点对象方案)."""

    STUDY = "study", _l("falling behind in study")
    CHARACTER = "character", _l("growing up")
    CONDUCT = "conduct", _l("conduct")
    LAW = "law", _l("trouble with the law")
    HARDSHIP = "hardship", _l("hardship")
    NO_GUARDIAN = "no_guardian", _l("without a guardian")
    HEALTH = "health", _l("health")
    MIND = "mind", _l("mind and mood")
    OTHER = "other", _l("another reason")


class PlanOutcome(Term):
    REACHED = "reached", _l("the goals were reached")
    PARTLY = "partly", _l("partly reached")
    GOES_ON = "goes_on", _l("goes on in a new plan")
    NOT_NEEDED = "not_needed", _l("no longer needed")
    LEFT = "left", _l("the child has left")
