"""The schema the code expects, read once from the migration files."""

from __future__ import annotations

from functools import lru_cache

from alembic.config import Config
from alembic.script import ScriptDirectory

from portal.config import ROOT


@lru_cache(maxsize=1)
def newest_revision() -> str:
    """The one head of the migration history."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None, "a history has a head"
    return head
