"""Typed settings, read once from the environment, and the one clock of the domain."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
CHINA = ZoneInfo("Asia/Shanghai")


class SettingsError(RuntimeError):
    """A setting is missing or cannot be read; the process must not start."""


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes"}:
        return True
    if text.lower() in {"", "0", "false", "no"}:
        return False
    raise SettingsError(f"{text!r} is neither 1 nor 0")


def _count(text: str) -> int:
    if not re.fullmatch(r"\d", text):
        raise SettingsError(f"{text!r} is not a number from 0 to 9")
    return int(text)


_READ: dict[str, Callable[[str], str | bool | int]] = {"bool": _flag, "int": _count}
PASSWORDS = ("dengbao3", "asvs")


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides. `.env.example` lists each field; a test compares them."""

    SECRET_KEY: str
    """At least 32 characters. Session signatures and, without key settings, the field and index keys
    derive from it: keep it as carefully as the database, and never beside it."""

    DATABASE_URL: str = ""
    """SQLAlchemy URL. Empty: an SQLite file in `instance/`. postgresql://… switches to PostgreSQL: best as a
    NOINHERIT login that owns nothing. With the owner's own login it drops into the same roles."""

    DATABASE_OWNER_URL: str = ""
    """PostgreSQL: the owner of the tables, for `flask db upgrade` and `flask audit prune`.
    Empty: DATABASE_URL is the owner."""

    PORTAL_FIELD_KEYS: str = ""
    """File of the keys for sealed fields, one secret per line, the newest first; its owner alone may read
    it (0400). Empty: one key derives from SECRET_KEY. After a change: `flask keys rotate`."""

    PORTAL_CIPHER: str = "aes-256-gcm"
    """aes-256-gcm, or sm4-gcm (with HMAC-SM3) where 密评 asks for it. After a change: `flask keys rotate`."""

    REDIS_URL: str = ""
    """Empty: jobs run in this process. redis://… or unix://…: jobs are rung to RQ workers."""

    PORTAL_TODAY: str = ""
    """YYYY-MM-DD holds the domain's clock at that day (demo, tests). Empty: the day in China."""

    PORTAL_ANCHORS: str = ""
    """Folder of the audit's daily anchors. Empty: `anchors` beside an SQLite file, else
    `instance/anchors/<database>`. Best on another disk or machine."""

    PORTAL_AUDIT_YEARS: int = 3
    """How many years the lines of the audit are kept before `flask audit prune` removes them: 3 to 9."""

    PORTAL_DEMO: bool = False
    """1 shows the demo logins on the login page. Never set it where real children are kept."""

    PORTAL_HTTPS: bool = False
    """1 where the site is reached by HTTPS: Secure cookies and HSTS."""

    PORTAL_PROXIES: int = 0
    """How many proxies in front of the portal are trusted to tell the caller's address and HTTPS."""

    PORTAL_PASSWORDS: str = "dengbao3"
    """The rules for passwords: dengbao3 (10 characters of 3 classes, new every 180 days) or asvs."""

    PORTAL_LOCALE: str = "zh_Hans_CN"
    """Language of a reader who has not chosen one: zh_Hans_CN or en."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read every field from `environ`. Raises SettingsError with the name of the bad one."""
        values: dict[str, str | bool | int] = {}
        for field in fields(cls):
            text = environ.get(field.name, "").strip()
            if not text:
                continue
            try:
                values[field.name] = _READ.get(str(field.type), str)(text)
            except SettingsError as error:
                raise SettingsError(f"{field.name}: {error}") from None
        if "SECRET_KEY" not in values:
            raise SettingsError("SECRET_KEY is not set: put at least 32 random characters into it")
        return cls(**values)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        if len(self.SECRET_KEY) < 32:
            raise SettingsError("SECRET_KEY is shorter than 32 characters")
        if self.PORTAL_TODAY:
            _parse_day(self.PORTAL_TODAY)
        if self.PORTAL_PASSWORDS not in PASSWORDS:
            raise SettingsError(f"PORTAL_PASSWORDS is not one of {', '.join(PASSWORDS)}")
        if not 3 <= self.PORTAL_AUDIT_YEARS <= 9:
            raise SettingsError("PORTAL_AUDIT_YEARS is not a number from 3 to 9")
        if self.PORTAL_LOCALE not in LOCALES:
            raise SettingsError(f"PORTAL_LOCALE is not one of {', '.join(LOCALES)}")
        if self.PORTAL_CIPHER not in CIPHERS:
            raise SettingsError(f"PORTAL_CIPHER is not one of {', '.join(CIPHERS)}")

    @property
    def database_url(self) -> str:
        """The URL SQLAlchemy gets; plain postgresql:// means psycopg 3."""
        return _with_driver(self.DATABASE_URL or f"sqlite:///{ROOT / 'instance' / 'shouwang.sqlite'}")

    @property
    def owner_url(self) -> str:
        """The URL under which the schema is built."""
        return _with_driver(self.DATABASE_OWNER_URL) or self.database_url

    @property
    def anchors(self) -> Path:
        """The folder of the audit's daily anchors: of its own for every database."""
        if self.PORTAL_ANCHORS:
            return Path(self.PORTAL_ANCHORS)
        kind, _, rest = self.database_url.partition("://")
        if kind == "sqlite":
            return (Path(rest[1:]) if rest else ROOT / "instance" / "memory").parent / "anchors"
        return ROOT / "instance" / "anchors" / urlsplit(self.database_url).path.strip("/")


def _with_driver(url: str) -> str:
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


CIPHERS = ("aes-256-gcm", "sm4-gcm")
LOCALES = {"zh_Hans_CN": "简体中文", "en": "English"}


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"PORTAL_TODAY: {text!r} is not a day like 2025-06-30") from None


def today() -> date:
    """The day the domain lives in: PORTAL_TODAY if set, else today in China.

    Audit lines, sessions and tokens do not use it: they carry real time (`now`).
    """
    held = os.environ.get("PORTAL_TODAY", "").strip()
    return _parse_day(held) if held else datetime.now(CHINA).date()


def now() -> datetime:
    """Real time, UTC, without tzinfo: the form in which both databases keep it."""
    return clock().replace(tzinfo=None, microsecond=0)


def clock() -> datetime:
    """The machine's clock. Tests that travel put another in its place."""
    return datetime.now(ZoneInfo("UTC"))
