"""The pages of the roster: a person comes onto it, and wrong input stays on the page."""

from __future__ import annotations

import re

import pytest

from tests.clients import sign_in
from tests.demo_clients import statements
from tests.volunteers.conftest import COUNTY, SCHOOL, TOWN, Roster

HERE = f"/units/{TOWN}/volunteers"


def test_a_township_enters_checks_and_takes_in_a_volunteer(quick_roster: Roster) -> None:
    client = sign_in(quick_roster.app, "town")
    assert "还没有志愿者" in client.get(f"{HERE}/").text
    new = {"name": "岳小楠", "phone": "100-3344-5566", "category": "student", "team": "service", "post": "师范学院",
           "birth_year": "2003", "skills": ["study"], "slots": ["weekend_morning"]}  # fmt: skip
    assert client.post(f"{HERE}/new", data=new).status_code == 302
    page = client.get(f"{HERE}/?show=waiting").text
    key = re.search(rf"{HERE}/([0-9a-f-]{{36}})", page)
    assert key
    one = f"{HERE}/{key[1]}"
    answer = client.post(f"{one}/enroll", follow_redirects=True).text
    assert "身份尚未核验" in answer
    assert "尚未签订承诺书" in answer
    for kind in ("identity", "record"):
        check = {"kind": kind, "result": "passed", "checked_on": "2025-06-30"}
        assert client.post(f"{one}/vetting", data=check).status_code == 302
    assert client.post(f"{one}/promise", data={"on": "2025-06-30"}).status_code == 302
    assert "已在册" in client.post(f"{one}/enroll", follow_redirects=True).text
    page = client.get(f"{HERE}/").text
    assert "岳小楠" in page
    assert "2026年6月30日" in page
    training = {"course": "儿童心理", "held_on": "2025-06-01", "hours": "6"}
    assert client.post(f"{one}/training", data=training).status_code == 302
    appraisal = {"year": "2025", "grade": "good", "points": ["regular", "trained"]}
    assert client.post(f"{one}/appraisal", data=appraisal).status_code == 302
    assert client.post(f"{one}/entry", data=new | {"team": "guides"}).status_code == 302
    page = client.get(one).text
    assert all(word in page for word in ("儿童心理", "按约定到位、参加培训", "辅导员队", "学业", "周末上午"))
    assert "还缺什么" not in page
    assert client.post(f"{one}/status", data={"act": "pause", "reason": "外出实习"}).status_code == 302
    assert "外出实习" in client.get(one).text
    assert (
        sign_in(quick_roster.app, "school").get(f"/units/{SCHOOL}/volunteers/?show=away").text.count("岳小楠")
        == 1
    )


@pytest.mark.parametrize(
    ("address", "data", "sentence"),
    [
        ("new", {"name": "", "phone": "100-3344-5566", "category": "student"}, "完整姓名"),
        ("new", {"name": "岳小楠", "phone": "一二三", "category": "student"}, "电话"),
        (
            "new",
            {"name": "岳小楠", "phone": "100-3344-5566", "category": "student", "birth_year": "2010"},
            "十八周岁",
        ),
        (
            "{one}/vetting",
            {"kind": "record", "result": "passed", "checked_on": "2030-01-01", "paper": "公2030"},
            "还没有到",
        ),
        ("{one}/vetting", {"kind": "record", "checked_on": "2025-01-01", "paper": "公2025"}, "请选择结果"),
        ("{one}/training", {"course": "儿童心理", "held_on": "2025-06-01", "hours": "很多"}, "数"),
        ("{one}/vetting", {"kind": "health", "result": "passed", "checked_on": "2025-01-02",
                           "valid_until": "2025-01-01", "paper": "公2025"}, "最长一年"),
        ("{one}/promise", {"on": "2030-01-01"}, "还没有到"),
        ("{one}/status", {"act": "leave", "reason": ""}, "原因"),
    ],
)  # fmt: skip
def test_wrong_input_is_told_beside_its_field(
    quick_roster: Roster, address: str, data: dict[str, str], sentence: str
) -> None:
    one = quick_roster.enter("白雪", "100-0000-0001") if "{one}" in address else ""
    answer = sign_in(quick_roster.app, "town").post(f"{HERE}/{address.format(one=one)}", data=data)
    assert (answer.status_code, sentence in answer.text) == (400, True)
    words = [typed for name, typed in data.items() if name in ("name", "phone", "paper", "course") and typed]
    assert all(typed in answer.text for typed in words)


def test_departments_that_keep_volunteers_see_the_county_and_others_nothing(quick_roster: Roster) -> None:
    quick_roster.enter()
    women = sign_in(quick_roster.app, "women")
    assert "岳小楠" in women.get(f"/units/{COUNTY}/volunteers/?show=waiting").text
    assert sign_in(quick_roster.app, "edu").get(f"/units/{COUNTY}/volunteers/").status_code == 403
    assert sign_in(quick_roster.app, "other").get(f"{HERE}/").status_code == 404


def test_a_page_of_the_roster_asks_a_fixed_number_of_statements(quick_roster: Roster) -> None:
    for number in range(5):
        quick_roster.enter(f"志愿{'甲乙丙丁戊'[number]}", f"100-0000-000{number}")
    client = sign_in(quick_roster.app, "town")
    with statements(quick_roster.app) as sent:
        assert client.get(f"{HERE}/?show=waiting").status_code == 200
    assert len(sent) <= 10, sent
