"""A seeded database to ask questions of, in plain SQL that both engines read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

from portal.tenancy.walls.context import owner_engine
from tests.conftest import make_app

PUPIL = "s.side = 'school' AND s.compulsory"
LIVE = "s.starts_on <= :day AND s.ends_on > :day"


def load(url: str, profile: str) -> None:
    """Load a profile through the command."""
    result = make_app(url).test_cli_runner().invoke(args=["seed", "demo", "--profile", profile])
    assert result.exit_code == 0, (result.output, result.exception)


class Demo:
    """One loaded profile. Closes its engine when the session of tests ends."""

    def __init__(self, profile: str, url: str) -> None:
        self.profile = profile
        self.engine: Engine = owner_engine(make_app(url).config["SETTINGS"])

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def number(self, sql: str, **values: Any) -> int:
        return int(self.rows(sql, **values)[0][0] or 0)

    def table(self, sql: str, **values: Any) -> dict[Any, Any]:
        """First column → second column."""
        return {row[0]: row[1] for row in self.rows(sql, **values)}

    def pupils(self, where: str = "1 = 1", day: str = "2025-06-30") -> int:
        """Left-behind pupils of compulsory schools on a day, from the standings."""
        return self.number(f"SELECT COUNT(*) FROM standing s WHERE {PUPIL} AND {LIVE} AND {where}", day=day)

    def residents(self, day: str = "2025-06-30") -> int:
        """Left-behind children who live in the county on a day, from the standings."""
        return self.number(f"SELECT COUNT(*) FROM standing s WHERE s.side = 'village' AND {LIVE}", day=day)
