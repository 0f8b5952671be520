"""Indicators: numerator and denominator of each standard figure, from the sums of one place.

Codes, measures and ways of counting follow the standard set of fifty; a rate is a ratio of sums, with one
decimal, halves up, and null over nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.services.reports.figures import Figures, Window
from portal.terms import Basis, Side, UnitKind

S, V, T, C = UnitKind.SCHOOL, UnitKind.VILLAGE, UnitKind.TOWNSHIP, UnitKind.COUNTY
PERSON, TIMES, PERCENT = "人", "人次", "%"


@dataclass(frozen=True)
class Sample:
    """What an indicator is computed from: one place's sums, seen as one kind of unit, on one basis."""

    figures: Figures
    kind: UnitKind
    basis: Basis
    window: Window

    def stock(self, name: str, side: Side) -> int:
        """A stock of the chosen basis on the as-of day."""
        key = self.basis.value if name == "all" else f"{name}_{self.basis.value}"
        return self.figures[side, key]

    def flow(self, name: str, side: Side) -> int:
        """A flow of the chosen basis over the period."""
        return self.figures[side, f"{name}_{self.basis.value}"]

    def reached(self, measure: str, kind: str, number: int) -> int:
        """Distinct children of one measure in one period."""
        return self.figures["reach", measure, kind, number]

    @property
    def side(self) -> Side:
        """The side on which a share of the left-behind children is taken (contract.md §4)."""
        return Side.VILLAGE if self.kind is V else Side.SCHOOL

    @property
    def flow_side(self) -> Side:
        """Changes are told by residence, at a school by enrolment."""
        return Side.SCHOOL if self.kind is S else Side.VILLAGE

    def owed(self, month: int) -> int:
        """Children of the wide basis to whom a month's duty is owed at a school."""
        return self.figures[Side.SCHOOL, ("owed", month)]


Fraction = tuple[int, int | None]


@dataclass(frozen=True)
class Indicator:
    """One standard figure. `count` gives (numerator, denominator or None)."""

    code: str
    name: Any
    measure: str
    levels: frozenset[UnitKind]
    definition: Any
    count: Callable[[Sample], Fraction]


def _duty(measure: str) -> Callable[[Sample], Fraction]:
    def count(sample: Sample) -> Fraction:
        months = sample.window.due_months
        done = sum(sample.reached(measure, "M", month) for month in months)
        return done, sum(sample.owed(month) for month in months)

    return count


def _home_visits(sample: Sample) -> Fraction:
    windows = sample.window.visit_windows
    done = sum(sample.reached("home_teacher", kind, number) for kind, number, _month in windows)
    return done, sum(sample.owed(month) for _kind, _number, month in windows)


def _share(name: str) -> Callable[[Sample], Fraction]:
    return lambda sample: (sample.stock(name, sample.side), sample.stock("all", sample.side))


def _reached(measure: str) -> Callable[[Sample], Fraction]:
    return lambda s: (s.reached(measure, s.window.period.kind, s.window.period.number), None)


_ALL = frozenset({S, V, T, C})
_SCHOOLS = frozenset({S, T, C})
_HOMES = frozenset({V, T, C})

INDICATORS: dict[str, Indicator] = {
    one.code: one
    for one in (
        Indicator("POP_PUPIL", _l("enrolled pupils"), PERSON, _SCHOOLS,
                  _l("Sum of class enrolment in compulsory schools on the as-of day."),
                  lambda s: (s.figures["pupils"], None)),
        Indicator("POP_LBC_SCH", _l("left-behind children by enrolment"), PERSON, _SCHOOLS,
                  _l("Distinct left-behind children enrolled in compulsory schools on the as-of day."),
                  lambda s: (s.stock("all", Side.SCHOOL), None)),
        Indicator("POP_LBC_RATE", _l("share of left-behind children among pupils"), PERCENT, _SCHOOLS,
                  _l("Left-behind children by enrolment, of enrolled pupils."),
                  lambda s: (s.stock("all", Side.SCHOOL), s.figures["pupils"])),
        Indicator("POP_LBC_RES", _l("left-behind children by residence"), PERSON, _HOMES,
                  _l("Distinct left-behind children under 16 living here on the as-of day."),
                  lambda s: (s.stock("all", Side.VILLAGE), None)),
        Indicator("POP_BOTH_RATE", _l("both parents away"), PERCENT, _ALL,
                  _l("Children both of whose parents are away, of the left-behind children."),
                  _share("both")),
        Indicator("POP_LBC_NEW", _l("newly left-behind in the period"), PERSON, _ALL,
                  _l("Children who entered the status in the period."),
                  lambda s: (s.flow("joins", s.flow_side), None)),
        Indicator("POP_LBC_EXIT", _l("no longer left-behind in the period"), PERSON, _ALL,
                  _l("Children who left the status in the period."),
                  lambda s: (s.flow("leaves", s.flow_side), None)),
        Indicator("GRD_GRANDP_RATE", _l("cared for by grandparents"), PERCENT, _ALL,
                  _l("Children in the care of grandparents, of the left-behind children."),
                  _share("grandparent")),
        Indicator("GRD_FOSTER_RATE", _l("fostered with relatives and others"), PERCENT, _ALL,
                  _l("Children with relatives, teachers, siblings or others, of the left-behind."),
                  _share("foster")),
        Indicator("GRD_NONE", _l("without a guardian"), PERSON, _ALL,
                  _l("Left-behind children without any guardian on the as-of day."),
                  lambda s: (s.stock("none", s.side), None)),
        Indicator("GRD_PLACED", _l("found a guardian in the period"), PERSON, _ALL,
                  _l("Children without a guardian for whom one was found in the period."),
                  lambda s: (s.flow("placed", s.side), None)),
        Indicator("CON_TALK_RATE", _l("talks held by class teachers"), PERCENT, _SCHOOLS,
                  _l("Child-months with a talk by the class teacher, of child-months owed (wide basis)."),
                  _duty("talk_teacher")),
        Indicator("CON_VISIT_RATE", _l("home visits made by class teachers"), PERCENT, _SCHOOLS,
                  _l("Children visited by the class teacher in the term, of children owed (wide basis)."),
                  _home_visits),
        Indicator("CON_CALL_RATE", _l("calls to parents by class teachers"), PERCENT, _SCHOOLS,
                  _l("Child-months with a call by the class teacher, of child-months owed (wide basis)."),
                  _duty("call_teacher")),
        Indicator("CON_VISIT_NUM", _l("home visits"), TIMES, _ALL,
                  _l("Home visits by anybody, counted once per child and visit."),
                  lambda s: (s.figures["home_visits"], None)),
        Indicator("CON_VISIT_CHILD", _l("children visited at home"), PERSON, _ALL,
                  _l("Distinct children visited by anybody; each counts where she was visited first."),
                  _reached("home")),
        Indicator("CON_NUM", _l("contacts of every kind"), TIMES, _ALL,
                  _l("Talks, home visits, calls, letters and others, once per child and contact."),
                  lambda s: (s.figures["visits"], None)),
        Indicator("CON_CHILD", _l("children in contact"), PERSON, _ALL,
                  _l("Distinct children with any contact; each counts where the first one was."),
                  _reached("any")),
    )
}  # fmt: skip
"""The indicators of children, guardianship and visits; the rest of the fifty join with their rooms."""


def compute(indicator: Indicator, sample: Sample) -> dict[str, Any]:
    """`{value, numerator, denominator, measure}`; value None where the level has no such figure."""
    if sample.kind not in indicator.levels:
        return {"value": None, "numerator": None, "denominator": None, "measure": indicator.measure}
    numerator, denominator = indicator.count(sample)
    value: float | int | None = numerator
    if indicator.measure == PERCENT:
        value = percent(numerator, denominator)
    return {
        "value": value,
        "numerator": numerator,
        "denominator": denominator,
        "measure": indicator.measure,
    }


def percent(numerator: int, denominator: int | None) -> float | None:
    """One decimal, halves up; None over nothing."""
    if not denominator:
        return None
    share = Decimal(numerator) * 100 / Decimal(denominator)
    return float(share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
