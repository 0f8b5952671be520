"""User names: proposed from a person's pinyin or chosen by who lets her in; the account of that name."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.errors import Refused
from portal.models.accounts import Person, User
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


def account(person: Person, username: str) -> User:
    """An account without a password: nobody gets in before its one-time code has been used."""
    return User(
        username=username,
        person_id=person.id,
        county_id=person.county_id,
        account_kind=person.account_kind,
        awaits_code=True,
    )
