"""A server that lives exactly as long as its test process: one directory, one process, one janitor.

The janitor is a tiny shell at the end of a pipe. It reads there which server is running; when the pipe closes, because
the tests are over, were interrupted or were killed, it stops that server and removes the directory. So there is one
way out, and it also holds when Python itself has no chance to clean up.
"""

import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

JANITOR = """
while read -r line; do server=$line; done
if [ -n "$server" ] && kill -s "$2" -- "-$server" 2>/dev/null; then
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        kill -s 0 -- "-$server" 2>/dev/null || break
        sleep 0.2
    done
    kill -s KILL -- "-$server" 2>/dev/null
fi
rm -rf -- "$1"
"""

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class ServiceMissing(RuntimeError):
    """Something the tests need is not on this machine; the message says how to install it."""


class TemporaryServer(ABC):
    """A server in a directory of its own, stopped and removed at the end of the `with` block."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    patience: ClassVar[float] = 30.0  # seconds, for a busy machine; a start takes less than one

    directory: Path
    account: str | None = None  # the system user to run as; None is ourselves

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Say whether the server answers."""

    def __enter__(self) -> Self:
        # Fixed to /tmp: the path of a Unix socket may have 107 bytes only.
        self.directory = Path(tempfile.mkdtemp(prefix=f"shouwang-{self.name}-", dir="/tmp"))
        self._process: subprocess.Popen[bytes] | None = None
        self._janitor = subprocess.Popen(
            [
                "/bin/sh",
                "-c",
                JANITOR,
                "janitor",
                str(self.directory),
                self.stop_signal.name.removeprefix("SIG"),
            ],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self.start()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        self._leave()

    @property
    def pid(self) -> int:
        """Return the process id of the running server."""
        if self._process is None:
            raise RuntimeError(f"{self.name} is not running")
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until it answers."""
        if self._process is not None:
            raise RuntimeError(f"{self.name} is already running")
        if self.account:
            shutil.chown(self.directory, self.account)
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.directory,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests; they stop the server
                user=self.account,
                group=pwd.getpwnam(self.account).pw_gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
        self._tell_janitor(str(self._process.pid))
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """Stop the server; its directory stays, so that `start` may follow."""
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(self.stop_signal)
            try:
                process.wait(self.patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._tell_janitor("")

    def log(self) -> str:
        """Return what the server has written so far."""
        return (self.directory / "log").read_text(errors="replace")

    def _leave(self) -> None:
        self.stop()
        self._janitor.communicate()

    def _tell_janitor(self, line: str) -> None:
        assert self._janitor.stdin
        self._janitor.stdin.write(f"{line}\n".encode())
        self._janitor.stdin.flush()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + self.patience
        while not self.is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start:\n{self.log()}")
            time.sleep(0.02)
