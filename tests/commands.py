"""Running flask commands as the shell does: with an app context of their own and an exit status."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import FlaskGroup


def run(app: Flask, *arguments: str) -> Result:
    """Run `flask <arguments>` against `app`."""
    group = FlaskGroup(create_app=lambda: app)
    return CliRunner().invoke(group, list(arguments), prog_name="flask")


def run_json(app: Flask, *arguments: str) -> Any:
    """Run a command that must succeed and read the document it prints."""
    result = run(app, *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
