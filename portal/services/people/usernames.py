"""User names: proposed from a person's pinyin, or chosen by who lets her in."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.errors import Refused
from portal.tenancy.names import person_name_key

PATTERN = re.compile(r"[a-z][a-z0-9_]{3,31}")


def propose(name: str) -> str:
    """yuxiaolan4172: pinyin and four random digits, so that it tells nothing of who else is there."""
    pinyin = re.sub(r"[^a-z]", "", person_name_key(name).split("|")[0]) or "user"
    return f"{pinyin[:24]}{secrets.randbelow(9000) + 1000}"


def checked(typed: str) -> str:
    """The user name in small letters. Raises Refused where it is none."""
    username = typed.strip().lower()
    if not PATTERN.fullmatch(username):
        sentence: Any = _l("Small letters and digits, beginning with a letter, 4 to 32 signs.")
        raise Refused(sentence, field="username")
    return username
