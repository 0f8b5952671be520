"""The pages: founding, adding, changing, and every wrong input beside its field with what was typed kept."""

from __future__ import annotations

import re

import pytest

from tests.clients import sign_in
from tests.demo_clients import statements
from tests.leadership.conftest import COUNTY, SCHOOL, TOWN, Office

HERE = f"/units/{SCHOOL}/leadership"


def _id(page: str, kind: str) -> str:
    found = re.search(rf"/leadership/{kind}/([0-9a-f-]{{36}})", page)
    assert found, f"no link to {kind}"
    return found[1]


def test_a_school_founds_its_group_and_writes_a_year_of_work(quick_office: Office) -> None:
    client = sign_in(quick_office.app, "school")
    assert "尚未成立" in client.get(f"{HERE}/").text
    head = {"kind": "leading", "group_name": "甲镇小学关爱工作领导小组", "founded_on": "2024-09-02", "name": "周怀远",
            "title": "校长", "document_no": "甲小(2024)3号", "member_unit": ""}  # fmt: skip
    assert client.post(f"{HERE}/new", data=head).status_code == 302
    page = client.get(f"{HERE}/").text
    assert "甲小〔2024〕3号" in page
    group = f"{HERE}/groups/{_id(page, 'groups')}"
    member = {"position": "deputy", "since": "2024-09-02", "name": "林青禾", "title": "", "phone": "",
              "member_unit": "", "duty_areas": ["safety_law", "study"]}  # fmt: skip
    assert client.post(f"{group}/posts", data=member).status_code == 302
    page = client.get(group).text
    assert "副校长" in page
    assert "安全法制、学习" in page
    change = {"act": "follows", "on": "2025-03-01", "name": "陈素梅", "title": "校长", "member_unit": ""}
    assert client.post(f"{HERE}/posts/{_id(page, 'posts')}", data=change).status_code == 302
    assert "陈素梅" in client.get(group).text
    old = client.get(f"{group}?day=2024-12-01").text
    assert "周怀远" in old
    assert "陈素梅" not in old
    answer = client.get(f"{group}/notice?day=2025-03-01")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"PK")
    meeting = {"held_on": "2025-03-05", "topic": "部署春季工作", "present": "7", "minutes": "议定三件事"}
    assert client.post(f"{group}/meetings", data=meeting).status_code == 302
    held = f"{HERE}/meetings/{_id(client.get(group).text, 'meetings')}"
    task = {"what": "期中家访", "owner": "林青禾", "due_on": "2025-05-31"}
    assert client.post(f"{held}/decisions", data=task).status_code == 302
    page = client.get(held).text
    assert "逾期" in page
    done = {"state": "done", "result": "已访 32 户"}
    assert client.post(f"{HERE}/decisions/{_id(page, 'decisions')}", data=done).status_code == 302
    assert "已访 32 户" in client.get(held).text
    plan = {"period": "2024-2025-2", "title": "春季工作计划", "goals": "家访到户"}
    assert client.post(f"{HERE}/plans/new", data=plan).status_code == 302
    made = f"{HERE}/plans/{_id(client.get(f'{HERE}/').text, 'plans')}"
    assert client.post(f"{made}/items", data=task).status_code == 302
    target = {
        "what": "",
        "owner": "陈素梅",
        "due_on": "2025-06-30",
        "indicator": "CON_VISIT_RATE",
        "value": "95",
    }
    assert client.post(f"{made}/targets", data=target).status_code == 302
    assert client.post(f"{made}/file").status_code == 302
    page = client.get(made).text
    assert "95.0" in page
    assert "2025年6月30日 定稿" in page


@pytest.mark.parametrize(
    ("address", "data", "sentence"),
    [
        ("new", {"kind": "leading", "group_name": "很长的名字", "founded_on": "2025-06-31", "name": "周怀远"},
         "日期"),
        ("new", {"kind": "leading", "group_name": "保留的名字", "founded_on": "2024-09-02", "name": ""}, "完整姓名"),
        ("new", {"kind": "leading", "group_name": "保留的名字", "founded_on": "2024-09-02", "name": "周怀远",
                 "document_no": "三号文"}, "文号请写成"),
        ("plans/new", {"period": "2024-2025-2", "title": "", "goals": "保留的目标"}, "请填写标题"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    quick_office: Office, address: str, data: dict[str, str], sentence: str
) -> None:
    answer = sign_in(quick_office.app, "school").post(f"{HERE}/{address}", data=data)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert all(typed in answer.text for typed in data.values() if typed)


def test_a_form_of_a_group_keeps_what_was_typed(quick_office: Office) -> None:
    group = f"{HERE}/groups/{quick_office.found(SCHOOL, 'school')}"
    client = sign_in(quick_office.app, "school")
    for address, data, sentence in (
        (f"{group}/posts", {"position": "member", "since": "2020-01-01", "name": "林青禾"}, "成立之日"),
        (f"{group}/meetings", {"held_on": "2025-03-05", "topic": "", "minutes": "记了很多"}, "请填写议题"),
        (f"{group}/members", {"name": "村委会", "since": "2030-01-01"}, "成立之日"),
        (f"{group}/end", {"on": "2030-01-01", "reason": "renewed"}, "结束日期"),
    ):
        answer = client.post(address, data=data)
        assert (answer.status_code, sentence in answer.text) == (400, True), address
        assert all(typed in answer.text for typed in data.values() if typed and typed != "renewed"), address


def test_the_county_reads_down_the_tree_and_a_township_sees_no_neighbour(quick_office: Office) -> None:
    quick_office.found(SCHOOL, "school")
    county = sign_in(quick_office.app, "leader")
    page = county.get(f"/units/{COUNTY}/leadership/").text
    assert "2 个中 1 个已成立领导小组" in page
    listed = county.get(f"/units/{COUNTY}/leadership/below?show=missing").text
    assert ("乙镇小学" in listed, "甲镇小学</a>" in listed) == (True, False)
    assert "周怀远" in county.get(f"{HERE}/").text
    assert county.get(f"{HERE}/new").status_code == 403
    town = sign_in(quick_office.app, "town")
    assert town.get(f"/units/{TOWN}/leadership/below").status_code == 200
    assert town.get("/units/990001-S2/leadership/").status_code == 404


@pytest.mark.parametrize(("address", "most"), [("", 14), ("below", 10)])
def test_pages_ask_a_fixed_number_of_statements(quick_office: Office, address: str, most: int) -> None:
    quick_office.found(SCHOOL, "school")
    client = sign_in(quick_office.app, "leader")
    with statements(quick_office.app) as sent:
        assert client.get(f"/units/{COUNTY}/leadership/{address}").status_code == 200
    assert len(sent) <= most, sent
