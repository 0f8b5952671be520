"""First light: a roster comes in, a visit is logged on a phone, the county sees the figure change."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from portal.config import ROOT
from tests.journeys.conftest import PHONE, WIDE
from tests.pages.base import LoginPage, OnPage
from tests.pages.rosters import RosterPage, RostersPage
from tests.pages.visits import MyChildrenPage

SAMPLE = ROOT / "samples" / "roster-sample.xlsx"
Opener = Callable[[tuple[int, int]], Page]
CHILD = "秦春苗"


def total(page: OnPage) -> dict[str, int]:
    """The last line of the roll-up's table: 合计."""
    cells = page.page.locator("table tfoot tr").first.locator("td").all_inner_texts()
    numbers = [int(text.replace(",", "")) for text in cells if re.fullmatch(r"[\d,]+", text)]
    return {"enrolled": numbers[2], "home_visits": numbers[-1]}


def test_a_roster_comes_in_a_visit_is_logged_and_the_county_sees_it(site: str, open_page: Opener) -> None:
    county = LoginPage.open(open_page(WIDE), site).sign_in("county01")
    before = total(county.go("/units/999901/reports/"))

    coordinator = LoginPage.open(open_page(WIDE), site).sign_in("coord_s09")
    coordinator.go("/units/999901-S09/registers/")
    roster = RostersPage(coordinator.page, site).bring(SAMPLE)
    assert "120" in roster.text
    assert "校验位" in roster.text
    roster = roster.confirm()
    assert "120" in roster.text
    pair_with_volunteer(coordinator, CHILD, "岳小楠")
    agree_as_the_second(LoginPage.open(open_page(WIDE), site).sign_in("head_s09"), CHILD)

    phone = LoginPage.open(open_page(PHONE), site).sign_in("vol02")
    mine = MyChildrenPage(phone.page, site)
    visit = mine.log_for(CHILD).choose("家访", "监护人", "学习").minutes("40").write("背会了两首诗。")
    expect(visit.page.locator("input[name=children]:checked")).to_have_count(1)
    saved = visit.save()
    assert CHILD in saved.text
    assert "40" in saved.text

    after = total(county.go("/units/999901/reports/"))
    assert after["enrolled"] - before["enrolled"] == 108
    assert after["home_visits"] - before["home_visits"] == 1


def pair_with_volunteer(coordinator: OnPage, child: str, volunteer: str) -> None:
    """Find the child in the list, open her file, write down that the family agrees, choose the volunteer."""
    page = coordinator.go(f"/units/999901-S09/children/?q={child}").page
    page.get_by_role("link", name=child).click()
    page.locator("main a[href*='/pairings/new/']").first.click()
    page.get_by_role("link", name="登记家庭同意").click()
    for choice in ("监护人", "纸质签字", "同意"):
        page.locator("main form label").get_by_text(choice, exact=True).first.click()
    page.fill("[name=giver_name]", "家长")
    page.fill("[name=verified]", "到校签字")
    page.locator("form[method=post] button.sw-btn-primary").last.click()
    page.locator("main label", has_text=volunteer).first.click()
    page.locator("form[method=post] button.sw-btn-primary").last.click()
    expect(page.locator("main")).to_contain_text(volunteer)


def agree_as_the_second(head: OnPage, child: str) -> None:
    """The principal reads what was proposed and says yes."""
    page = head.go("/units/999901-S09/pairings/proposals").page
    page.locator("tr", has_text=child).get_by_role("link", name="查看").click()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.locator("main")).to_contain_text("已同意")


def test_wrong_input_keeps_everything_typed(site: str, open_page: Opener) -> None:
    phone = LoginPage.open(open_page(PHONE), site).sign_in("vol02")
    visit = MyChildrenPage(phone.page, site).log_for("施景行")
    visit.choose("谈心", "情绪").minutes("40").write("今天下雨，没出门。")
    visit.page.locator("[name=happened_on]").evaluate("field => { field.value = '2025-07-03' }")
    again = visit.save()
    assert "这一天还没到" in again.text
    assert again.page.input_value("[name=note]") == "今天下雨，没出门。"
    assert again.page.input_value("[name=minutes]") == "40"
    assert again.page.locator("input[name=kind]:checked").get_attribute("value") == "talk"
    assert again.page.locator("input[name=topics]:checked").get_attribute("value") == "mood"
    assert again.page.locator("input[name=children]:checked").count() == 1


def test_a_file_that_is_no_workbook_gets_a_clear_sentence(
    site: str, open_page: Opener, tmp_path: Path
) -> None:
    wrong = tmp_path / "花名册.xlsx"
    wrong.write_bytes(b"<html>no workbook</html>")
    coordinator = LoginPage.open(open_page(WIDE), site).sign_in("coord_s09")
    coordinator.go("/units/999901-S09/registers/")
    page: RosterPage = RostersPage(coordinator.page, site).bring(wrong)
    assert "不是电子表格" in page.text


def test_switching_the_language_keeps_the_page(site: str, open_page: Opener) -> None:
    county = LoginPage.open(open_page(WIDE), site).sign_in("county01")
    page = county.go("/units/999901004/reports/?period=2025-06&basis=official").page
    page.locator(".sw-who").click()
    page.get_by_role("button", name="English").click()
    assert page.url.endswith("/units/999901004/reports/?period=2025-06&basis=official")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "never added" in county.text


def test_the_volunteers_way_is_short(site: str, open_page: Opener) -> None:
    """From her first page to the saved record in six taps, with the child and the day already chosen."""
    phone = LoginPage.open(open_page(PHONE), site).sign_in("vol02")
    mine = MyChildrenPage(phone.page, site)
    visit = mine.log_for("钱宇航")
    saved = visit.choose("通话", "学习", "生活").save()
    assert "钱宇航" in saved.text
    assert "通话" in saved.text
