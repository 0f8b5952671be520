"""A volunteer's phone: her children and the form of a visit."""

from __future__ import annotations

import re

from tests.pages.base import OnPage


class MyChildrenPage(OnPage):
    def names(self) -> list[str]:
        """The children on the cards."""
        return self.page.locator(".sw-card-name").all_inner_texts()

    def log_for(self, name: str) -> VisitPage:
        """记一次 on the child's card."""
        card = self.page.locator("article.sw-card").filter(has_text=name)
        card.get_by_role("link", name="记一次").click()
        return VisitPage(self.page, self.site)


class VisitPage(OnPage):
    def choose(self, *labels: str) -> VisitPage:
        """Tap chips and tiles by their words."""
        for label in labels:
            self.page.locator("main label", has_text=re.compile(rf"^\s*{label}\s*$")).first.click()
        return self

    def write(self, note: str) -> VisitPage:
        self.page.fill("[name=note]", note)
        return self

    def minutes(self, number: str) -> VisitPage:
        self.page.fill("[name=minutes]", number)
        return self

    def save(self) -> OnPage:
        self.page.locator("main button.sw-btn-primary, form button.sw-btn-primary").last.click()
        return OnPage(self.page, self.site)
