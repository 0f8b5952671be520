"""The access matrix: which request of whom gets which answer, worked out from GRANTS and the rule below.

`python -m tests.permissions.matrix` writes matrix.csv anew: read its diff before you commit it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from portal.tenancy.permissions import DEPARTMENTS, GRANTS, Permission
from portal.tenancy.roles import Department, Role, sees_widely
from portal.terms import UnitKind
from portal.web.guards import guard_of
from tests.permissions.seats import SEATS, Seat

CSV = Path(__file__).with_name("matrix.csv")
NOT_THERE = "·"
"""A seat for which nothing stands in that relation."""

FAR_AWAY = ("another county's", "nonexistent")

UNITS = {
    "own": {"county": "county", "township": "town_a", "village": "village_a1", "school": "school_a"},
    "below": {"county": "school_b", "township": "village_a2"},
    "beside": {"township": "town_b", "village": "village_a2", "school": "village_a1"},
    "another township's": {"township": "school_b", "village": "village_b1", "school": "school_b"},
    "above": {"township": "county", "village": "town_a", "school": "town_a"},
}
"""Relation → kind of the seat's unit → a unit of the near county (tests/factories/county.py)."""

CHILDREN = {
    "own": {"county": "a1", "township": "a1", "village": "a1", "school": "a1"},
    "on two trees": {"county": "a1b", "township": "a1b", "village": "a1b"},
    "beside": {"village": "a2", "school": "home"},
    "another township's": {"township": "b1", "village": "b1", "school": "b1"},
}
"""Relation → kind of the seat's unit → label of a child (tests/factories/world.py)."""

HER_CHILDREN = {
    "own": "a1",
    "not paired with": "a1b",
    "no longer paired with": "a2",
    "another township's": "b1",
}
"""The same for a volunteer, wherever her seat is: her own child is the one she is paired with."""

HER_CLASS = {
    "child": {"own": "a1", "in another class": "a2", "beside": "home", "another township's": "b1"},
    "pairing": {"own": "a1", "arranged by the other side": "by village", "in another class": "a2",
                "beside": "home", "another township's": "b1"},
}  # fmt: skip
"""The same for a class teacher: a1 sits in her class, a2 in another one of her school."""

PAIRINGS = {
    "own": {"county": "a1", "township": "a1", "village": "home", "school": "a1"},
    "arranged by the other side": {"village": "a1", "school": "by village"},
    "beside": {"village": "a2", "school": "home"},
    "another township's": {"township": "b1", "village": "b1", "school": "b1"},
}
BATCHES = {
    "own": {"county": "school_a", "township": "school_a", "village": "village_a1", "school": "school_a"},
    "beside": {"village": "school_a", "school": "village_a1"},
    "another township's": {"township": "school_b", "village": "school_b", "school": "school_b"},
}
THINGS = {"unit": UNITS, "child": CHILDREN, "pairing": PAIRINGS, "batch": BATCHES}


@dataclass(frozen=True)
class Case:
    """One row of the matrix: a request, and how the thing it names stands to whoever asks."""

    endpoint: str
    method: str
    ok: int
    """The answer where the request is allowed."""
    thing: str = ""
    """unit, child, pairing or batch; empty where the request names nothing."""
    relation: str = "—"


TREE_ACTS = ("close", "merge", "move", "open_below", "rename", "reopen", "split")
"""An empty form is sent: whoever may do the act is told what is missing."""

OF_A_PERSON = ("person", "slip", "renew", "hand_over", "end_post", "extend_post", "classes_of_post")
ACTS_ON_A_PERSON = ("renew", "hand_over", "end_post", "extend_post", "confirm_post", "classes_of_post")
"""Asked for somebody who is not there; who may do what to whom: tests/accounts/test_people_pages.py."""

CARE_ACTS = ("change_guardian", "sign_agreement", "assess", "note_contact", "review", "open_plan")
"""Forms about a child, sent empty."""
ACTS_ON_A_PLAN = ("add_step", "finish_step", "put_off_plan", "close_plan")
"""Asked of a plan, an alarm, an agreement that is not there; who may do what: tests/children/test_care.py."""
OF_A_CENSUS = ("census_list", "frozen_roster", "match")
ACTS_OF_A_CENSUS = ("close_census", "mark_line", "confirm_rest", "note_found", "strike_found", "fill_list",
                    "sign_list", "sign_for_village",
                    "send_list_back", "enter_for", "answer_match", "part_match")  # fmt: skip
"""Asked for a list or a pair that is not there; who may do what with one: tests/children/test_census.py."""

KEEPING_FORMS = ("confirm_card", "give_consent", "take_in_request", "add_paper")
"""Forms about what the family has a say in, sent empty."""
OF_THE_KEEPING = ("answer_request", "request_letter", "void_paper", "fetch_paper", "fetch_copy")
ACTS_OF_THE_KEEPING = ("answer_request", "void_paper", "withdraw_consent")
"""Asked of what is not there; who may do what: tests/children/test_keeping.py."""

LEADERSHIP_PAGES = ("group", "meeting", "plan", "write_notice")
LEADERSHIP_FORMS = ("add_post", "change_post", "end", "record_meeting", "settle_decision", "settle_task")
LEADERSHIP_ACTS = ("add_decision", "add_item", "add_member", "add_target", "end_member", "file_plan")
"""Asked of a group, a meeting or a plan that is not there; who may do what: tests/leadership."""

VOLUNTEER_FORMS = ("change", "vet", "change_status", "train", "appraise")
OF_THE_ROSTER = ("list_applications", "poster", "export", "blank", "bring_in")
VOLUNTEER_ACTS = ("promise", "enroll", "take_on", "decline")
"""Asked of a volunteer who is not there; who may do what: tests/volunteers."""

OF_A_PROPOSAL = ("agree", "refuse", "withdraw")
CLASS_FORMS = ("add_buddy", "assign_tutor", "appoint_rep")
CLASS_ACTS = ("end_buddy", "end_tutor", "end_rep")
"""Asked of a proposal, a pupil, a class that is not there; who may do what: tests/pairings."""

_PLAIN = [
    ("home.index", "GET", 200), ("home.healthz", "GET", 200), ("home.ready", "GET", 200),
    ("home.search", "POST", 302),
    ("static", "GET", 200), ("patterns.index", "GET", 200), ("accounts.login", "GET", 200),
    ("accounts.login", "POST", 400),
    ("accounts.second", "GET", 302), ("accounts.second", "POST", 302), ("accounts.enrol", "GET", 302),
    ("accounts.enrol", "POST", 302), ("accounts.resume", "GET", 302), ("accounts.forget", "POST", 302),
    ("accounts.account", "GET", 200), ("accounts.password", "GET", 200), ("accounts.password", "POST", 400),
    ("accounts.offer_second", "POST", 302), ("accounts.set_second", "GET", 302),
    ("accounts.set_second", "POST", 302), ("accounts.recovery", "POST", 200),
    ("accounts.devices", "GET", 200), ("accounts.end_device", "POST", 404),
    ("accounts.end_devices", "POST", 302), ("accounts.confirm", "GET", 200),
    ("accounts.confirm", "POST", 400), ("accounts.logout", "POST", 302), ("accounts.preferences", "POST", 302),
    ("accounts.acting", "GET", 200), ("accounts.permissions", "GET", 200),
    ("accounts.acting", "POST", 400), ("visits.index", "GET", 200), ("visits.new", "GET", 200),
    ("accounts.activate", "GET", 200), ("accounts.activate", "POST", 400),
    ("children.accept_transfer", "GET", 404), ("children.accept_transfer", "POST", 404),
    ("children.refuse_transfer", "POST", 404), ("children.withdraw_transfer", "POST", 404),
    ("children.open_archived", "GET", 404), ("children.open_archived", "POST", 404),
    ("children.bring_back", "POST", 404),
    ("volunteers.apply", "GET", 404), ("volunteers.apply", "POST", 404), ("volunteers.applied", "GET", 404),
    ("volunteers.own", "GET", 200), ("volunteers.own_certificate", "GET", 302),
    ("pairings.proposal", "GET", 404), *((f"pairings.{act}", "POST", 404) for act in OF_A_PROPOSAL),
]  # fmt: skip
_NAMING = [
    ("units.show", "GET", 200, "unit"), ("children.index", "GET", 200, "unit"),
    ("pairings.index", "GET", 200, "unit"), ("reports.rollup", "GET", 200, "unit"),
    ("reports.rollup_json", "GET", 200, "unit"), ("registers.index", "GET", 200, "unit"),
    ("registers.receive", "POST", 302, "unit"), ("registers.blank", "GET", 200, "unit"),
    ("children.show", "GET", 200, "child"), ("children.reveal", "POST", 200, "child"),
    ("children.masked_list", "GET", 200, "unit"), ("children.ask_for_list", "POST", 302, "unit"),
    ("children.write_note", "GET", 200, "child"), ("children.write_note", "POST", 302, "child"),
    ("children.end_note", "POST", 302, "child"), ("children.compare", "POST", 200, "child"),
    ("children.call", "GET", 302, "child"),
    ("children.care", "GET", 200, "child"),
    *((f"children.{act}", method, ok, "child") for act in CARE_ACTS for method, ok in (("GET", 200), ("POST", 400))),
    ("children.end_agreement", "GET", 404, "child"), ("children.end_agreement", "POST", 404, "child"),
    ("children.act_on_alarm", "GET", 404, "child"), ("children.act_on_alarm", "POST", 404, "child"),
    ("children.plan", "GET", 404, "child"),
    *((f"children.{act}", "POST", 404, "child") for act in ACTS_ON_A_PLAN),
    ("children.contact_card", "GET", 200, "child"), ("children.print_card", "GET", 200, "child"),
    ("children.keeping", "GET", 200, "child"), ("children.make_copy", "POST", 302, "child"),
    *((f"children.{act}", "GET", 200, "child") for act in KEEPING_FORMS),
    *((f"children.{act}", "POST", 400, "child") for act in KEEPING_FORMS),
    *((f"children.{page}", "GET", 404, "child") for page in OF_THE_KEEPING),
    *((f"children.{act}", "POST", 404, "child") for act in ACTS_OF_THE_KEEPING),
    ("children.cards_of", "GET", 200, "unit"), ("children.requests_of", "GET", 200, "unit"),
    ("children.archive_of", "GET", 200, "unit"),
    ("children.rules", "GET", 200, "unit"), ("children.rules", "POST", 400, "unit"),
    ("children.whole", "GET", 200, "child"), ("children.verify", "POST", 302, "child"),
    ("children.edit", "GET", 200, "child"), ("children.edit", "POST", 400, "child"),
    ("children.proposal", "GET", 404, "child"), ("children.accept_proposal", "POST", 404, "child"),
    ("children.refuse_proposal", "POST", 404, "child"),
    ("children.proposals_of", "GET", 200, "unit"), ("children.look_first", "GET", 200, "unit"),
    ("children.look_first", "POST", 200, "unit"), ("children.open_file", "GET", 200, "unit"),
    ("children.open_file", "POST", 400, "unit"),
    ("children.status", "GET", 200, "child"),
    *((f"children.{act}", method, ok, "child") for act in ("write_event", "offer_transfer")
      for method, ok in (("GET", 200), ("POST", 400))),
    ("children.list_classes", "GET", 200, "unit"), ("children.list_classes", "POST", 400, "unit"),
    ("children.change_class", "GET", 404, "unit"), ("children.change_class", "POST", 404, "unit"),
    ("children.promote", "GET", 200, "unit"), ("children.promote", "POST", 400, "unit"),
    ("children.changes", "GET", 200, "unit"), ("children.close_sheet", "POST", 302, "unit"),
    ("children.turning_sixteen", "GET", 200, "unit"), ("children.list_transfers", "GET", 200, "unit"),
    ("children.alarms_of", "GET", 200, "unit"), ("children.priority_of", "GET", 200, "unit"),
    ("visits.new", "GET", 200, "child"),
    ("visits.new", "POST", 302, "child"), ("pairings.new", "GET", 200, "child"),
    ("pairings.new", "POST", 302, "child"), ("pairings.end", "GET", 200, "pairing"),
    ("pairings.end", "POST", 302, "pairing"), ("pairings.show", "GET", 200, "pairing"),
    ("pairings.plan", "GET", 200, "pairing"), ("pairings.plan", "POST", 302, "pairing"),
    ("pairings.hand_over", "GET", 200, "pairing"), ("pairings.hand_over", "POST", 400, "pairing"),
    ("pairings.review", "POST", 400, "pairing"),
    *((f"pairings.{page}", "GET", 200, "unit")
      for page in ("list_gaps", "show_numbers", "proposals", "classes")),
    *((f"pairings.{act}", "GET", 404, "unit") for act in CLASS_FORMS),
    *((f"pairings.{act}", "POST", 404, "unit") for act in (*CLASS_FORMS, *CLASS_ACTS)),
    ("registers.show", "GET", 200, "batch"),
    ("leadership.index", "GET", 200, "unit"), ("leadership.list_below", "GET", 200, "unit"),
    *((f"leadership.{act}", method, ok, "unit") for act in ("found", "open_plan")
      for method, ok in (("GET", 200), ("POST", 400))),
    *((f"leadership.{page}", "GET", 404, "unit") for page in (*LEADERSHIP_PAGES, *LEADERSHIP_FORMS)),
    *((f"leadership.{act}", "POST", 404, "unit") for act in (*LEADERSHIP_FORMS, *LEADERSHIP_ACTS)),
    ("volunteers.index", "GET", 200, "unit"), ("volunteers.enter", "GET", 200, "unit"),
    ("volunteers.enter", "POST", 400, "unit"), ("volunteers.show", "GET", 404, "unit"),
    ("volunteers.services", "GET", 200, "unit"), ("volunteers.services", "POST", 400, "unit"),
    ("volunteers.bring_in", "POST", 400, "unit"), ("volunteers.print_certificate", "GET", 404, "unit"),
    ("volunteers.decline", "GET", 404, "unit"),
    *((f"volunteers.{page}", "GET", 200, "unit") for page in OF_THE_ROSTER),
    *((f"volunteers.{act}", "GET", 404, "unit") for act in VOLUNTEER_FORMS),
    *((f"volunteers.{act}", "POST", 404, "unit") for act in (*VOLUNTEER_FORMS, *VOLUNTEER_ACTS)),
    ("units.find", "GET", 200, "unit"), ("audit.index", "GET", 200, "unit"),
    ("children.census_overview", "GET", 200, "unit"), ("children.doubt_list", "GET", 200, "unit"),
    ("children.open_census", "GET", 200, "unit"), ("children.open_census", "POST", 400, "unit"),
    ("children.find_matches", "POST", 302, "unit"),
    *((f"children.{page}", "GET", 404, "unit") for page in OF_A_CENSUS),
    *((f"children.{act}", "POST", 404, "unit") for act in ACTS_OF_A_CENSUS),
    *((f"units.{act}", "GET", 200, "unit") for act in TREE_ACTS),
    *((f"units.{act}", "POST", 400, "unit") for act in TREE_ACTS),
    ("units.take_back", "POST", 404, "unit"),
    ("accounts.people", "GET", 200, "unit"), ("accounts.invite", "GET", 200, "unit"),
    ("accounts.invite", "POST", 400, "unit"),
    *((f"accounts.{page}", "GET", 404, "unit") for page in OF_A_PERSON),
    *((f"accounts.{page}", "POST", 404, "unit") for page in ACTS_ON_A_PERSON),
    ("registers.confirm", "POST", 302, "batch"), ("registers.refused", "GET", 200, "batch"),
]  # fmt: skip


def _relations(thing: str) -> list[str]:
    more = [*(HER_CHILDREN if thing == "child" else {}), *HER_CLASS.get(thing, {})]
    return [*dict.fromkeys([*THINGS[thing], *more]), *FAR_AWAY]


CASES = [Case(endpoint, method, ok) for endpoint, method, ok in _PLAIN] + [
    Case(endpoint, method, ok, thing, relation)
    for endpoint, method, ok, thing in _NAMING
    for relation in _relations(thing)
]


def named(case: Case, seat: Seat | None) -> str | None:
    """The label of the thing a request names, `far` or `unknown`; None if nothing stands so to the seat."""
    if case.relation in FAR_AWAY:
        return "far" if case.relation == FAR_AWAY[0] else "unknown"
    if seat is not None and seat.role is Role.VOLUNTEER and case.thing == "child":
        return HER_CHILDREN.get(case.relation)
    if seat is not None and seat.role is Role.CLASS_TEACHER and case.thing in HER_CLASS:
        return HER_CLASS[case.thing].get(case.relation)
    return THINGS[case.thing].get(case.relation, {}).get(seat.kind.value if seat else "school")


def expected(app: Flask, case: Case, seat: Seat | None) -> int | None:
    """The rule: reading goes down the tree, writing stays in one's own unit, the rest is not there."""
    guard = guard_of(app.view_functions[case.endpoint])
    if case.thing and named(case, seat) is None:
        return None
    if not isinstance(guard, Permission):
        return case.ok  # public, with the reason in routes.txt
    if seat is None:
        return 401 if case.endpoint == "reports.rollup_json" else 302
    if case.endpoint == "accounts.recovery" and not sees_widely(seat.role, seat.kind):
        return 400  # no second factor, nothing to recover
    if case.thing == "unit" and case.relation not in ("own", "below"):
        return 404  # whatever the role may do: a unit out of reach does not exist
    if guard not in GRANTS[seat.role]:
        return 403
    if seat.role is Role.COUNTY_DEPARTMENT and Department.EDUCATION not in DEPARTMENTS.get(guard, Department):
        return 403  # the seat speaks for the education bureau
    if guard is Permission.CHILD_MASKED_READ and seat.kind is UnitKind.COUNTY and case.relation == "own":
        return 404  # the figure of a county is told place by place
    if case.endpoint == "children.open_archived" and seat.role is Role.AUDITOR:
        return 403  # case numbers only
    if case.endpoint == "children.end_note" and seat.role is Role.CLASS_TEACHER and case.relation == "own":
        return 403  # a note that she has not written herself
    if (
        guard is Permission.CHILD_CARE_EDIT
        and seat.role is Role.SCHOOL_COORDINATOR
        and case.relation == "own"
    ):
        return 403  # the family is the village's to write down
    if case.endpoint == "children.open_census" and (
        seat.kind is not UnitKind.COUNTY or case.relation != "own"
    ):
        return 403  # a census is the whole county's
    if guard is Permission.UNIT_TREE_GOVERN and not _governs(case, seat):
        return 403
    if case.thing == "unit":
        return case.ok if case.relation == "own" or guard.reaches_down else 403
    if case.relation in ("—", "own", "on two trees"):
        return case.ok
    if case.relation == "arranged by the other side":
        return 200 if case.endpoint == "pairings.show" else 403  # seen by both sides, changed by one
    if case.endpoint == "visits.new" and seat.role is Role.VOLUNTEER:
        return 200 if case.method == "GET" else 400  # she chooses from her own children; another is no choice
    return 404


def _governs(case: Case, seat: Seat) -> bool:
    """A unit is administered by the level above it; moving one to another township is the county's act."""
    act = case.endpoint.removeprefix("units.")
    if act in ("open_below", "take_back"):
        return case.relation == "own" or act == "take_back"
    return case.relation == "below" and (act != "move" or seat.kind is UnitKind.COUNTY)


HEAD = ["endpoint", "method", "names", "relation", "anonymous", *(role.value for role in Role)]


def table(app: Flask) -> list[list[str]]:
    """The matrix as rows of text: one line per request and relation, one column per role."""
    columns = [None, *(seat for role in Role for seat in SEATS if seat.role is role and seat.is_first)]
    rows = []
    for case in CASES:
        cells = [expected(app, case, seat) for seat in columns]
        if any(cells):
            head = [case.endpoint, case.method, case.thing or "—", case.relation]
            rows.append(head + [str(cell or NOT_THERE) for cell in cells])
    return rows


def written() -> list[list[str]]:
    """The rows of matrix.csv."""
    with CSV.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def main() -> None:
    """Write the file anew."""
    from tests.conftest import make_app

    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([HEAD, *table(make_app("sqlite://"))])
    CSV.write_text(buffer.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
