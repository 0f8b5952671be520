"""The browser as one person uses it."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Page

from portal.cli.seed import DEMO_PASSWORD


class OnPage:
    """A page that is open. It must not scroll sideways and must have one heading."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.look()

    def look(self) -> None:
        """What holds on every page of the portal."""
        self.page.wait_for_load_state()
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{self.page.url} scrolls sideways by {wider} px"
        assert self.page.locator("h1").count() == 1, self.page.url

    def go(self, path: str) -> Self:
        """Open an address of the site."""
        self.page.goto(self.site + path)
        self.look()
        return self

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()


class LoginPage(OnPage):
    @classmethod
    def open(cls, page: Page, site: str) -> LoginPage:
        page.goto(f"{site}/login")
        return cls(page, site)

    def sign_in(self, username: str, password: str = DEMO_PASSWORD) -> OnPage:
        """Sign in and land on the role's first page."""
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("main button[type=submit], form button.sw-btn-primary")
        while self.page.url.endswith("/login/second"):
            self.page.fill("[name=code]", self.page.locator(".sw-login-demo code").inner_text())
            with self.page.expect_navigation():
                self.page.click("form button.sw-btn-primary")
            if self.page.url.endswith("/login/second"):  # all codes so far are used: wait for the next
                self.page.wait_for_timeout(4000)
                self.page.goto(f"{self.site}/login/second")
        return OnPage(self.page, self.site)
