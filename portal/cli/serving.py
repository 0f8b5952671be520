"""`flask serve`, `flask worker`, `flask cron`: the processes of an installation."""

from __future__ import annotations

import time

import click
from flask import current_app
from rq import Worker
from rq.serializers import JSONSerializer
from waitress import serve as waitress_serve

from portal.cli.output import refuse
from portal.cli.seed import logins
from portal.jobs import board
from portal.jobs.schedule import PERIODIC


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
@click.pass_context
def serve(context: click.Context, host: str, port: int) -> None:
    """Serve the portal with waitress (demo, small installations); a demonstration names its logins."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if app.config["SETTINGS"].PORTAL_DEMO:
        context.invoke(logins, form="text")
    click.echo(f"守望 Shouwang: http://{host}:{port}")
    waitress_serve(
        app,
        host=host,
        port=port,
        threads=8,
        ident="",
        clear_untrusted_proxy_headers=not app.config["SETTINGS"].PORTAL_PROXIES,
    )


@click.command()
@click.option("--burst", is_flag=True, help="stop when the queue is empty")
def worker(burst: bool) -> None:
    """Take jobs from the queue (needs REDIS_URL)."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    queue = board.queue_of(app)
    if queue is None:
        refuse("REDIS_URL is not set: jobs run in the web process and need no worker")
    Worker([queue], connection=queue.connection, serializer=JSONSerializer).work(burst=burst)


@click.command()
@click.option("--once", is_flag=True, help="one round, then stop")
def cron(once: bool) -> None:
    """Do the timed work of the PERIODIC list until stopped."""
    due = dict.fromkeys(PERIODIC, 0.0)
    while True:
        for name, (every, work) in PERIODIC.items():
            if time.monotonic() >= due[name]:
                work()
                due[name] = time.monotonic() + every
        if once:
            return
        time.sleep(5)
