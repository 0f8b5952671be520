"""The browser of the journeys: Debian's Chromium, driven by Playwright, without sandbox, GPU or internet."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from tests.services.fonts import require_chinese_font
from tests.services.process import ServiceMissing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # our own pages and nothing else
)


def find_chromium() -> Path:
    """Return the browser: the system's, else the one `playwright install chromium` has put into the home directory."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    downloads = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    for download in sorted(downloads.glob("chromium-*/chrome-linux*/chrome"), reverse=True):
        return download
    raise ServiceMissing(
        "Chromium is missing. As root: apt-get install -y --no-install-recommends chromium; "
        "otherwise: .venv/bin/playwright install chromium."
    )


def launch(playwright: Playwright) -> Browser:
    """Start a headless Chromium that can show Chinese."""
    require_chinese_font()
    return playwright.chromium.launch(
        executable_path=find_chromium(),
        args=list(ARGUMENTS),
        chromium_sandbox=False,  # root and containers cannot have one; the tests open only pages of our own
    )
