"""Meetings with decisions that somebody sees to; plans with items and targets whose figures count themselves."""

from __future__ import annotations

from datetime import date

import pytest

from portal.errors import Refused
from portal.services.leadership import groups, meetings, plans
from portal.terms import TaskState
from tests.leadership.conftest import FOUNDED, SCHOOL, Office

HELD = date(2025, 3, 5)


def test_a_decision_is_open_until_somebody_says_what_came_of_it(office: Office) -> None:
    office.found(SCHOOL, "school")
    with office.at(SCHOOL, "school") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        meeting = meetings.record_meeting(listed.group, actor=actor, held_on=HELD, topic="部署", present=7)
        with pytest.raises(Refused) as refused:
            meetings.add_decision(meeting, actor=actor, what="早", owner="周怀远", due_on=date(2025, 3, 4))
        assert refused.value.field == "due_on"
        late = meetings.add_decision(
            meeting, actor=actor, what="家访", owner="周怀远", due_on=date(2025, 6, 29)
        )
        soon = meetings.add_decision(
            meeting, actor=actor, what="总结", owner="林青禾", due_on=date(2025, 7, 1)
        )
        assert [one.what for one in meetings.list_open_decisions(unit, actor=actor)] == ["家访", "总结"]
        assert (late.is_late_on(date(2025, 6, 30)), soon.is_late_on(date(2025, 6, 30))) == (True, False)
        with pytest.raises(Refused):
            meetings.settle_decision(late, actor=actor, state=TaskState.DONE, result="")
        meetings.settle_decision(late, actor=actor, state=TaskState.DONE, result="全部访完")
        assert late.settled_on == date(2025, 6, 30)
        assert [one.what for one in meetings.list_open_decisions(unit, actor=actor)] == ["总结"]
        meetings.settle_decision(late, actor=actor, state=TaskState.OPEN, result="")
        assert late.settled_on is None


@pytest.mark.parametrize("day", [date(2024, 9, 1), date(2025, 7, 1)])
def test_a_meeting_is_held_in_the_time_of_its_group(office: Office, day: date) -> None:
    office.found(SCHOOL, "school", founded_on=FOUNDED)
    with office.at(SCHOOL, "school") as (unit, actor):
        [listed] = groups.list_groups(unit, actor=actor)
        with pytest.raises(Refused) as refused:
            meetings.record_meeting(listed.group, actor=actor, held_on=day, topic="部署")
        assert refused.value.field == "held_on"


def test_a_plan_is_one_a_period_and_filed_with_what_is_to_be_done(office: Office) -> None:
    with office.at(SCHOOL, "school") as (unit, actor):
        plan = plans.open_plan(unit, actor=actor, period="2024-2025-2", title="春季计划")
        with pytest.raises(Refused) as refused:
            plans.open_plan(unit, actor=actor, period="2024-2025-2", title="又一份")
        assert refused.value.field == "period"
        with pytest.raises(Refused):
            plans.open_plan(unit, actor=actor, period="2019", title="太早")
        with pytest.raises(Refused):
            plans.file_plan(plan, actor=actor)
        with pytest.raises(Refused) as refused:
            plans.add_item(plan, actor=actor, what="早", owner="周怀远", due_on=date(2025, 1, 31))
        assert refused.value.field == "due_on"
        plans.add_item(plan, actor=actor, what="家访", owner="周怀远", due_on=date(2025, 5, 31))
        plans.add_item(plan, actor=actor, what="摸底", owner="周怀远", due_on=date(2025, 2, 28))
        plans.file_plan(plan, actor=actor)
        [found] = plans.list_plans(unit, actor=actor)
        assert found.filed_on == date(2025, 6, 30)
    with office.at(SCHOOL, "school") as (unit, actor):
        [found] = plans.list_plans(unit, actor=actor)
        assert [one.what for one in found.items] == ["摸底", "家访"]


def test_a_target_with_an_indicator_says_where_it_stands(office: Office) -> None:
    with office.at(SCHOOL, "school") as (unit, actor):
        plan = plans.open_plan(unit, actor=actor, period="2024-2025-2", title="春季计划")
        due = date(2025, 6, 30)
        with pytest.raises(Refused) as refused:
            plans.add_target(plan, actor=actor, what="", owner="周怀远", due_on=due, indicator="POP_LBC_SCH")
        assert refused.value.field == "value"
        with pytest.raises(Refused):
            plans.add_target(plan, actor=actor, what="", owner="周", due_on=due, indicator="NO_SUCH", value=1)
        plans.add_target(
            plan, actor=actor, what="", owner="周怀远", due_on=due, indicator="POP_LBC_SCH", value=0
        )
        plans.add_target(plan, actor=actor, what="安全零事故", owner="林青禾", due_on=due)
        counted, by_hand = plans.list_aims(plan, actor=actor)
        assert (counted.actual, counted.is_met, counted.target.what) == (0, True, str(counted.indicator.name))
        assert (by_hand.actual, by_hand.is_met) == (None, None)
        plans.settle_task(plans.get_task(unit, by_hand.target.public_id, actor=actor), actor=actor,
                          state=TaskState.DONE, result="无事故")  # fmt: skip
        assert by_hand.target.state is TaskState.DONE
