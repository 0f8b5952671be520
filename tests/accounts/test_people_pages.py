"""The pages about people, as a coordinator, a principal and an outsider meet them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.extensions import db
from portal.services.people import finding
from portal.tenancy.roles import Role
from portal.tenancy.units import Unit
from portal.terms import PostShow
from tests.accounts.people import GOOD, Bureau, build_bureau, code_on, let_in, person_of, post_of
from tests.acting import acting
from tests.clients import sign_in
from tests.demo_clients import statements
from tests.factories.county import add_account, add_person, writing

NEW = {
    "name": "苏晚晴",
    "phone": "100-0000-7788",
    "post": "妇联主席",
    "role": "child_director",
    "since": "2025-06-30",
    "last_day": "2025-08-31",
    "username": "",
}


@pytest.fixture
def bureau(sqlite_app: Flask) -> Bureau:
    return build_bureau(sqlite_app)


@pytest.fixture
def coordinator(bureau: Bureau) -> FlaskClient:
    return sign_in(bureau.app, "township_coordinator")


def _at(unit: Unit, rest: str = "") -> str:
    return f"/units/{unit.code}/people/{rest}"


def test_from_the_invitation_to_the_slip_that_is_shown_once(bureau: Bureau, coordinator: FlaskClient) -> None:
    answer = coordinator.post(_at(bureau.near.village_a2, "new"), data=NEW)
    slip = answer.headers["Location"]
    page = coordinator.get(slip)
    code = code_on(page.text)
    assert "苏晚晴" in page.text
    assert "data:image/svg+xml" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert code not in coordinator.get(slip).text
    person = coordinator.get(slip.removesuffix("/slip"))
    assert "待激活" in person.text


def test_a_code_travels_in_no_address(bureau: Bureau, coordinator: FlaskClient) -> None:
    answer = coordinator.post(_at(bureau.near.village_a2, "new"), data=NEW)
    code = code_on(coordinator.get(answer.headers["Location"]).text)
    assert code not in answer.headers["Location"]
    assert code not in bureau.app.test_client().get(f"/activate?code={code}").text


def test_a_refused_invitation_keeps_everything_typed(bureau: Bureau, coordinator: FlaskClient) -> None:
    wrong = NEW | {"last_day": "2029-01-01", "post": "大学生村官"}
    answer = coordinator.post(_at(bureau.near.village_a2, "new"), data=wrong)
    assert answer.status_code == 400
    for typed in ("苏晚晴", "100-0000-7788", "大学生村官", "2029-01-01"):
        assert typed in answer.text
    assert "最长一年" in answer.text
    with acting(bureau.app, "township_coordinator"):
        assert person_of("child_director").name != "苏晚晴"


def test_a_role_out_of_the_list_is_no_choice(bureau: Bureau, coordinator: FlaskClient) -> None:
    for role in ("committee_office", "township_coordinator", "class_teacher", "nonsense"):
        answer = coordinator.post(_at(bureau.near.village_a2, "new"), data=NEW | {"role": role})
        assert answer.status_code == 400, role


@pytest.mark.parametrize("typed", ["试cl", "shi", "s", "0003", "100-0000-0003", "+86 100 0000 0003"])
def test_somebody_is_found_by_name_pinyin_initials_and_phone(
    bureau: Bureau, coordinator: FlaskClient, typed: str
) -> None:
    page = coordinator.get(_at(bureau.near.town_a, "new"), query_string={"q": typed})
    assert "试class_teacher" in page.text
    assert "100-0000-0003" not in page.text.split("<main", 1)[1].replace(f'value="{typed}"', ""), (
        "a number is masked"
    )


def test_three_digits_find_nobody(bureau: Bureau, coordinator: FlaskClient) -> None:
    page = coordinator.get(_at(bureau.near.town_a, "new"), query_string={"q": "003"})
    assert "试class_teacher" not in page.text


def test_the_lists_say_who_is_on_duty_invited_due_and_ended(bureau: Bureau) -> None:
    with acting(bureau.app, "principal") as actor:
        let_in(actor, bureau.near.school_a, Role.COUNSELLOR)
        db.session.commit()
    head = sign_in(bureau.app, "principal")
    lists = {show: head.get(_at(bureau.near.school_a), query_string={"show": show}).text for show in PostShow}
    assert "苏晚晴" in lists[PostShow.INVITED]
    assert "苏晚晴" not in lists[PostShow.LIVE]
    assert "试class_teacher" in lists[PostShow.LIVE]
    assert "试class_teacher" not in lists[PostShow.ENDED]


def test_what_ends_soon_or_sleeps_is_to_be_looked_at(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    with bureau.app.app_context(), writing() as session:
        school = session.get_one(Unit, bureau.near.school_a.id)
        add_account(session, Role.COUNSELLOR, school, "soon", valid_until=date(2025, 7, 20))
        sleeping = add_account(session, Role.CENTER_KEEPER, session.get_one(Unit, bureau.near.town_a.id), "x")
        sleeping.created_at = sleeping.created_at.replace(year=2024)
    with acting(bureau.app, "committee_office") as actor:
        unit = db.session.get_one(Unit, bureau.near.county.id)
        page = finding.list_posts(unit, actor=actor, show=PostShow.DUE, below=True)
        assert {post.user.username for post in page.posts} == {"soon", "x"}
        assert [(p.ends_soon, p.is_silent) for p in page.posts if p.user.username == "x"] == [(False, True)]


def test_a_list_below_shows_the_tree_and_no_other(bureau: Bureau, coordinator: FlaskClient) -> None:
    page = coordinator.get(_at(bureau.near.town_a), query_string={"below": "1"}).text
    assert "试child_director" in page
    assert "试coordinator_b" not in page
    assert "试far_director" not in page


@pytest.mark.parametrize("who", ["class_teacher", "coordinator_b", "far_office"])
def test_an_outsider_meets_nobody(bureau: Bureau, who: str) -> None:
    with acting(bureau.app, "township_coordinator"):
        person, post = person_of("child_director").public_id, post_of("child_director").public_id
    client = sign_in(bureau.app, who)
    wanted = 403 if who == "class_teacher" else 404
    unit = bureau.near.school_a if who == "class_teacher" else bureau.near.village_a1
    for page in ("", "new", str(person), f"{person}/slip", f"{person}/renew", f"posts/{post}/end"):
        assert client.get(_at(unit, page)).status_code == wanted, page


def test_somebody_of_another_unit_is_not_there(bureau: Bureau) -> None:
    with acting(bureau.app, "township_coordinator"):
        person, post = person_of("child_director").public_id, post_of("child_director").public_id
    head = sign_in(bureau.app, "principal")
    for page in (f"{person}", f"{person}/renew", f"{person}/handover", f"posts/{post}/end"):
        assert head.get(_at(bureau.near.school_a, page)).status_code == 404, page


def test_ending_asks_for_a_reason_and_acts_at_once(bureau: Bureau, coordinator: FlaskClient) -> None:
    director = sign_in(bureau.app, "child_director")
    with acting(bureau.app, "township_coordinator"):
        post = post_of("child_director").public_id
    address = _at(bureau.near.village_a1, f"posts/{post}/end")
    assert "请写明终止原因" in coordinator.post(address, data={"reason": ""}).text
    assert coordinator.post(address, data={"reason": "换届"}).status_code == 302
    assert director.get("/").status_code == 302


def test_a_forgotten_password_is_renewed_by_the_unit_above(bureau: Bureau, coordinator: FlaskClient) -> None:
    with acting(bureau.app, "township_coordinator"):
        person = person_of("child_director").public_id
    address = _at(bureau.near.village_a1, f"{person}/renew")
    answer = coordinator.post(address, data={"account": "child_director", "reason": "忘记密码"})
    code = code_on(coordinator.get(answer.headers["Location"]).text)
    typed = {"code": code, "password": GOOD, "again": GOOD}
    assert bureau.app.test_client().post("/activate", data=typed).status_code == 302
    assert sign_in(bureau.app, "child_director", GOOD).get("/").status_code == 200


def test_handing_over_in_the_browser(bureau: Bureau, coordinator: FlaskClient) -> None:
    with bureau.app.app_context(), writing() as session:
        heir = add_person(session, session.get_one(Unit, bureau.near.village_a1.id), name="柳继红")
        heir_id = str(heir.public_id)
    with acting(bureau.app, "township_coordinator"):
        person = person_of("child_director").public_id
    address = _at(bureau.near.village_a1, f"{person}/handover")
    page = coordinator.get(address, query_string={"q": "ljh"}).text
    assert heir_id in page
    assert "请查找并选择接手人" in coordinator.post(address, data={"on": "2025-06-30"}).text
    answer = coordinator.post(address, data={"successor": heir_id, "on": "2025-06-30"})
    assert re.search(r"/slip$", answer.headers["Location"])
    assert "柳继红" in coordinator.get(answer.headers["Location"]).text
    nonsense = coordinator.post(address, data={"successor": "nobody", "on": "2025-06-30"})
    assert nonsense.status_code == 404, "nothing is left to hand over"


def test_a_list_costs_the_same_for_one_and_for_fifty(bureau: Bureau) -> None:
    head, costs = sign_in(bureau.app, "principal"), []
    for number in (0, 60):
        with bureau.app.app_context(), writing() as session:
            school = session.get_one(Unit, bureau.near.school_a.id)
            for n in range(number):
                add_account(session, Role.CLASS_TEACHER, school, f"t{n}")
        with statements(bureau.app) as sent:
            page = head.get(_at(bureau.near.school_a))
        costs.append(len(sent))
    assert "下一页" in page.text
    assert costs[0] == costs[1] <= 16
    more = re.search(r'href="([^"]*after=[^"]*)"', page.text).group(1).replace("&amp;", "&")
    assert head.get(more).text.count("</tr>") == 1 + 63 - 50


def test_the_permission_to_let_in_belongs_to_who_invites() -> None:
    from portal.tenancy.invites import INVITES, SECONDS
    from portal.tenancy.permissions import GRANTS, Permission

    assert {r for r in Role if Permission.PEOPLE_GOVERN in GRANTS[r]} == {r for r in Role if INVITES[r]}
    seconds = set().union(*SECONDS.values())
    assert {r for r in Role if Permission.PEOPLE_CONFIRM in GRANTS[r]} == seconds
