"""Passwords: how they are hashed, what a new one must be like, and changing it.

Two profiles (security.md §0): `dengbao3` asks for ten characters of three classes, a new one every 180
days and none of the last five; `asvs` asks for twelve characters and never for a change. Both refuse what
is easily guessed, with the names of the place and the person among the guesses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now
from portal.errors import Refused
from portal.models.accounts import Credential, Person, User
from portal.tenancy.units import Unit

LONGEST = 128
REMEMBERED = 5
"""How many passwords back a new one may not be, under the profile that asks for changes."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$DdCD0OYC6kIMcLxYiScyNA$b2LCxz4pJDejt6sfCNy+VOj19YpsKBn0iXUpoCQ1eq4"
"""Checked for unknown accounts, so that an unknown and a known account take the same time."""


@dataclass(frozen=True)
class Profile:
    """The rules of one installation."""

    name: str
    shortest: int
    classes: int
    lifetime: timedelta | None
    remembered: int


PROFILES = {
    "dengbao3": Profile("dengbao3", 10, 3, timedelta(days=180), REMEMBERED),
    "asvs": Profile("asvs", 12, 1, None, 0),
}


class Policy:
    """The profile in force. One instance, `policy`; `init` is called by the app factory."""

    def __init__(self) -> None:
        self.profile = PROFILES["dengbao3"]

    def init(self, name: str) -> None:
        """Take the installation's choice."""
        self.profile = PROFILES[name]


policy = Policy()


def hash_password(password: str) -> str:
    """argon2id with m = 19 MiB, t = 2, p = 1 (measured: 26 ms, 31 sign-ins a second)."""
    return _hasher.hash(password)


def credential_of(session: Session, user_id: int) -> Credential | None:
    """What the account proves itself with; a system session reads it, nobody else."""
    return session.scalars(select(Credential).where(Credential.user_id == user_id)).one_or_none()


def fits(hashed: str | None, password: str) -> bool:
    """Whether it is the password of this hash. Takes as long where there is no account or no password."""
    return _matches(hashed or _DUMMY, password) and hashed is not None


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def has_expired(credential: Credential, *, on: datetime) -> bool:
    """Whether a new password is owed: somebody else knew this one, or it has grown too old."""
    lifetime = policy.profile.lifetime
    return credential.must_change or (lifetime is not None and on - credential.changed_at > lifetime)


def rules() -> list[Any]:
    """What a new password must be like, as sentences for the page that asks for one."""
    profile = policy.profile
    said = [_l("At least %(count)s characters; a short sentence is easy to keep.", count=profile.shortest)]
    if profile.classes > 1:
        said.append(_l("Three of these four: capital letters, small letters, digits, other signs."))
    said.append(_l("No name of yours or of your unit, no phone number, nothing that is often used."))
    if profile.remembered:
        said.append(_l("None of your last %(count)s passwords.", count=profile.remembered))
    if profile.lifetime is not None:
        said.append(_l("It is good for %(count)s days.", count=profile.lifetime.days))
    return said


def check(password: str, *, words: Iterable[str] = (), field: str = "new_password") -> None:
    """Raise Refused with the sentence that says what is missing. `words` are the person's own and local."""
    profile = policy.profile
    if len(password) < profile.shortest:
        message = _l("At least %(count)s characters, please.", count=profile.shortest)
        raise Refused(message, field=field)
    if len(password) > LONGEST:
        raise Refused(_l("At most %(count)s characters, please.", count=LONGEST), field=field)
    if _classes(password) < profile.classes:
        raise Refused(
            _l("Mix three of these: capital letters, small letters, digits, other signs."), field=field
        )
    if strength(password, words=words) < GOOD:
        raise Refused(
            _l("This password is easily guessed. Take several words that do not belong together."),
            field=field,
        )


GOOD = 3
"""The zxcvbn score (0–4) a password needs: more than a hundred million guesses."""


def strength(password: str, *, words: Iterable[str] = ()) -> int:
    """How hard the password is to guess, 0–4; whatever contains one of `words` counts without it."""
    from zxcvbn import zxcvbn  # its word lists take a while: only who chooses a password pays

    bare = password.lower()
    known = sorted({word.lower() for word in words if len(word) > 2}, key=len, reverse=True)
    for word in known:
        bare = bare.replace(word, "")
    if len(bare) < min(4, len(password)):
        return 0
    return min(int(_score(zxcvbn, password, tuple(known))), int(_score(zxcvbn, bare, ())))


@lru_cache(maxsize=64)
def _score(zxcvbn: Any, password: str, words: tuple[str, ...]) -> int:
    score: int = zxcvbn(password[:72], user_inputs=list(words), max_length=72)["score"]
    return score


def _classes(password: str) -> int:
    kinds = (str.isupper, str.islower, str.isdigit)
    found = sum(any(kind(sign) for sign in password) for kind in kinds)
    return found + any(not (sign.isupper() or sign.islower() or sign.isdigit()) for sign in password)


def words_of(session: Session, user: User) -> list[str]:
    """What a guesser would try first: the names and the phone of the person, of her unit and county."""
    from portal.tenancy.names import person_name_key

    person = session.get_one(Person, user.person_id)
    pinyin = person_name_key(person.name).split("|")[0]
    units = session.scalars(select(Unit).where(Unit.id.in_((person.unit_id, person.county_id)))).all()
    places = [word for unit in units for word in (unit.name, unit.name_key.split("|")[0], unit.code)]
    told = [user.username, person.name, pinyin, person.phone, person.phone_key, person.phone_key[-8:]]
    return [*told, *places, *(word.replace(" ", "") for word in (pinyin, *places)), "shouwang", "liushou"]


def set_password(session: Session, user: User, password: str, *, field: str = "new_password") -> Credential:
    """Give the account a new password of its owner's choice, in a system session. Raises Refused.

    The caller ends the sessions that were opened with the old one, and commits.
    """
    check(password, words=words_of(session, user), field=field)
    credential = credential_of(session, user.id)
    if credential is None:
        credential = Credential(user_id=user.id, former_hashes=[])
        session.add(credential)
    past = [one for one in (credential.password_hash, *credential.former_hashes) if one]
    if any(_matches(old, password) for old in past[: policy.profile.remembered or 1]):
        raise Refused(_l("You have used this password before. Choose another one."), field=field)
    credential.former_hashes = past[:REMEMBERED]
    credential.password_hash = hash_password(password)
    credential.changed_at = now()
    credential.must_change = False
    return credential
