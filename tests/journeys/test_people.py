"""A child director comes and goes: invited on a phone, in by her slip, out with the next click."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.accounts.people import GOOD
from tests.journeys.conftest import PHONE
from tests.pages.base import LoginPage
from tests.pages.people import ActivationPage, PeoplePage

Opener = Callable[[tuple[int, int]], Page]
VILLAGE = "/units/999901004001/people/"


def test_a_child_director_comes_and_goes(site: str, open_page: Opener) -> None:
    coordinator = LoginPage.open(open_page(PHONE), site).sign_in("town_t4").go(VILLAGE + "new")
    people = PeoplePage(coordinator.page, site).search("7788")
    slip = people.enter(name="苏晚晴", phone="100-0000-7788", role="child_director")
    code, username = slip.code, slip.username
    assert "激活单已显示过" in slip.go(slip.page.url.removeprefix(site)).text

    phone = open_page(PHONE)
    phone.goto(f"{site}/activate#{code}")
    activation = ActivationPage(phone, site)
    assert phone.input_value("[name=code]") == code
    assert "#" not in phone.url
    director = activation.choose(GOOD).sign_in(username, GOOD)
    assert "白岭村" in director.go("/units/999901004001/children/").text

    listed = PeoplePage(coordinator.page, site).go(VILLAGE)
    ended = listed.end_role("苏晚晴", "换届")
    assert "已终止" in ended.text
    phone.goto(f"{site}/units/999901004001/children/")
    assert "/login" in phone.url
