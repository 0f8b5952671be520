"""People in the browser: letting somebody in, her slip, ending her role; and the slip's own page."""

from __future__ import annotations

import re

from tests.pages.base import LoginPage, OnPage


class PeoplePage(OnPage):
    def search(self, typed: str) -> PeoplePage:
        """Type a name, initials or the end of a number and search."""
        self.page.fill("[name=q]", typed)
        with self.page.expect_navigation():
            self.page.locator("main form[role=search] button").click()
        self.look()
        return self

    def enter(self, *, name: str, phone: str, role: str) -> SlipPage:
        """None of these: a new person."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name="登记新人员").click()
        self.page.fill("[name=name]", name)
        self.page.fill("[name=phone]", phone)
        self.page.select_option("[name=role]", role)
        with self.page.expect_navigation():
            self.page.locator("main button.sw-btn-primary").click()
        return SlipPage(self.page, self.site)

    def end_role(self, name: str, reason: str) -> OnPage:
        """Open her page and end the role."""
        for link in (
            self.page.get_by_role("link", name=name).first,
            self.page.locator("main .sw-links").get_by_role("link", name="结束"),
        ):
            with self.page.expect_navigation():
                link.click()
        self.page.fill("[name=reason]", reason)
        with self.page.expect_navigation():
            self.page.locator("main button.sw-btn-primary").click()
        return OnPage(self.page, self.site)


class SlipPage(OnPage):
    @property
    def code(self) -> str:
        found = re.search(r"(?:[A-Z0-9]{3}-){5}[A-Z0-9]{3}", self.text)
        assert found is not None, self.text
        return found.group()

    @property
    def username(self) -> str:
        return self.page.locator("main dl.sw-facts div").nth(1).locator("dd").inner_text()


class ActivationPage(OnPage):
    def choose(self, password: str) -> LoginPage:
        """The code stands there already, from the QR code; only the password is typed."""
        self.page.fill("[name=password]", password)
        self.page.fill("[name=again]", password)
        with self.page.expect_navigation():
            self.page.locator("main button.sw-btn-primary").click()
        return LoginPage(self.page, self.site)
