"""`make screenshots`: takes docs/screenshots anew, from a fresh full demo county in a real browser."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ["PORTAL_TODAY"] = "2025-06-30"

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from portal.config import ROOT
from tests.conftest import make_app, migrate, seed
from tests.pages.base import LoginPage
from tests.pages.rosters import RostersPage
from tests.pages.visits import MyChildrenPage
from tests.services.chromium import launch

TARGET = ROOT / "docs" / "screenshots"
SAMPLE = ROOT / "samples" / "roster-sample.xlsx"


@contextmanager
def site() -> Iterator[str]:
    """A portal on a fresh full demo county."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'full.sqlite'}"
        migrate(url)
        seed(url, "full")
        server = make_server("127.0.0.1", 0, make_app(url, PORTAL_DEMO=True), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def window(browser: Browser, width: int, *, dark: bool = False) -> Page:
    """A window of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 500 else 900},
        color_scheme="dark" if dark else "light",
        locale="zh-CN",
        has_touch=width < 500,
    )
    return context.new_page()


def keep(page: Page, name: str) -> None:
    """Save what the window shows, all of it."""
    page.screenshot(path=TARGET / f"{name}.png", full_page=True)


def main() -> None:
    """Walk through the first light and keep a picture of each station."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    TARGET.mkdir(parents=True, exist_ok=True)
    with site() as address, sync_playwright() as playwright, launch(playwright) as browser:
        login = LoginPage.open(window(browser, 1440), address)
        keep(login.page, "login")
        county = login.sign_in("county01")
        keep(county.go("/units/999901/reports/").page, "county-rollup")
        keep(county.go("/units/999901004/reports/").page, "township-rollup")
        keep(county.go("/patterns/").page, "patterns")
        dark = LoginPage.open(window(browser, 1440, dark=True), address).sign_in("county01")
        keep(dark.go("/units/999901/reports/").page, "county-rollup-dark")
        paper = LoginPage.open(window(browser, 1000), address).sign_in("county01")
        paper.go("/units/999901/reports/").page.emulate_media(media="print")
        keep(paper.page, "county-rollup-print")
        school = LoginPage.open(window(browser, 1440), address).sign_in("coord_s09")
        keep(school.page, "school-today")
        school.go("/units/999901-S09/registers/")
        keep(RostersPage(school.page, address).bring(SAMPLE).page, "roster-preview")
        children = school.go("/units/999901-S09/children/").page
        children.locator("main tbody a").nth(3).click()
        keep(children, "child-file")
        phone = LoginPage.open(window(browser, 390), address).sign_in("vol02")
        keep(phone.page, "volunteer-phone")
        form = MyChildrenPage(phone.page, address)
        keep(form.log_for(form.names()[0]).page, "visit-phone")
        town = LoginPage.open(window(browser, 390), address).sign_in("town_t4")
        keep(town.page, "township-phone")


if __name__ == "__main__":
    main()
