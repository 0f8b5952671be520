"""Work done apart: in a child process that limits can kill, for what is heavy or comes from outside.

A web process stays small and survives; the secrets of the portal stay out of the child.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NOT_INSTALLED = 3
"""Exit status of a child that lacks a package of the portal."""
_INHERITED = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")


class TooHeavy(Exception):
    """The child did not come to its end within its limits."""


def run_apart(
    script: Path, data: bytes, *, seconds: int, arguments: tuple[str, ...] = ()
) -> tuple[int, bytes]:
    """Exit status and output of a script that is given `data`.

    Raises TooHeavy after `seconds`, RuntimeError where a package is missing in this installation.
    """
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    command = [sys.executable, "-P", str(script), *arguments]
    try:
        child = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds,
            env=environment, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise TooHeavy(script.name) from None
    if child.returncode == NOT_INSTALLED:
        raise RuntimeError(f"{script.name} does not start: a package of requirements.txt is missing")
    return child.returncode, child.stdout
