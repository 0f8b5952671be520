"""A real browser against a real server on a fresh demo county."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from portal.extensions import db
from tests.conftest import make_app
from tests.services.chromium import launch

WIDE, PHONE = (1440, 900), (390, 844)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launch(playwright) as started:
        yield started


@pytest.fixture
def site(demo_template: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a portal that serves a copy of the small demo county."""
    path = tmp_path / "journey.sqlite"
    shutil.copy(demo_template, path)
    app = make_app(f"sqlite:///{path}", PORTAL_DEMO=True)
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


def is_fault(note: ConsoleMessage) -> bool:
    """An error of the page; that a wrong form is answered with 400 is none."""
    return note.type == "error" and "status of 400" not in note.text


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[tuple[int, int]], Page]]:
    """Open a window of its own: another size, another person. Any error of a page fails the test."""
    contexts, wrong = [], []

    def opened(size: tuple[int, int]) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", has_touch=size == PHONE
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda note: wrong.append(note.text) if is_fault(note) else None)
        page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 500 else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong, wrong
