"""Bringing a roster in."""

from __future__ import annotations

import re
from pathlib import Path

from tests.pages.base import OnPage


class RostersPage(OnPage):
    def bring(self, workbook: Path) -> RosterPage:
        """Choose the workbook and upload it; wait until it has been read."""
        self.page.set_input_files("input[type=file]", workbook)
        self.page.click("form[enctype] button.sw-btn-primary")
        return RosterPage(self.page, self.site).wait_until_read()


class RosterPage(OnPage):
    def wait_until_read(self) -> RosterPage:
        """The page turns by itself while the work goes on."""
        self.page.wait_for_selector(".sw-poll", state="detached", timeout=60_000)
        self.look()
        return self

    def counts(self) -> dict[str, int]:
        """新增, 变更, 不变, 退回 as the page shows them."""
        found = re.findall(r"(新增|有变更|变更|不变|退回)\s*\n?\s*([\d,]+)", self.text)
        return {word: int(number.replace(",", "")) for word, number in found}

    def confirm(self) -> RosterPage:
        """确认导入."""
        self.page.locator("main form[action$='/confirm'] button").first.click()
        return self.wait_until_read()
