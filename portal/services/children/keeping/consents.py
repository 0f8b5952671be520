"""Consents: for which purposes the family lets the data of a child be used (个人信息保护法 art. 13–15, 28–31).

The file itself rests on a statutory duty and asks nobody; every other purpose is asked by itself, is off
until somebody says yes, and ends with the very next request once it is withdrawn (security design §3.5).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.config import today
from portal.errors import NotFound, Refused
from portal.extensions import db
from portal.models.children import Child, Consent
from portal.models.pairings import Pairing
from portal.services import audit
from portal.services.children.owning import own
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.terms import ConsentChannel, PairingEnd, ProcessingBasis, Purpose, Witness

ASKED_FROM, NEEDED_FROM = 8, 14
"""Ages from which the child’s own view is asked, and from which it is needed."""

WORDS: Mapping[Purpose, LazyString] = {
    Purpose.PAIRING: _l(
        "A volunteer is paired with the child. She sees a short card: name, class, village, who cares for the"
        " child; no hardship, no health, no ID number. It ends with the pairing."
    ),
    Purpose.COUNSELLING: _l(
        "The school’s counsellor may let the child fill in a scale and talk with her. What is said there"
        " stays with the counsellor unless the child is in danger."
    ),
    Purpose.PHOTO_INSIDE: _l(
        "A photo of the child is kept in the file, for those who may open the file. Without it nothing is"
        " missing."
    ),
    Purpose.PUBLICITY: _l(
        "A photo or the story of the child appears in public. It is written down where, so that it can be"
        " taken back."
    ),
    Purpose.SHARING: _l("The named organization gets what it needs for the help described, and no more."),
    Purpose.TEXTS: _l("The hotline may send text messages to the number on file."),
}
"""What the family is told before it says yes. The statutory file is a notice, no question."""
_TO_WHOM = frozenset({Purpose.SHARING, Purpose.PUBLICITY})


@dataclass(frozen=True)
class Asked:
    """One purpose: what holds today, and what held before, newest first."""

    purpose: Purpose
    words: LazyString
    live: Sequence[Consent]
    past: Sequence[Consent]


def list_asked(child: Child, *, actor: Actor) -> list[Asked]:
    """Every purpose that is asked for, with the consents of the child."""
    actor.require(Permission.CHILD_CARE_READ)
    query = (
        select(Consent)
        .where(Consent.child_id == child.id)
        .order_by(Consent.given_on.desc(), Consent.id.desc())
    )
    rows, day = db.session.scalars(query.options(joinedload(Consent.person))).all(), today()

    def of(purpose: Purpose, live: bool) -> list[Consent]:
        return [one for one in rows if one.purpose is purpose and one.is_live_on(day) is live]

    return [Asked(purpose, words, of(purpose, True), of(purpose, False)) for purpose, words in WORDS.items()]


def holds(child: Child, purpose: Purpose, *, on: date | None = None) -> Consent | None:
    """The consent on which a purpose rests that day, the one that holds longest; None is no."""
    day = on or today()
    rows = db.session.scalars(select(Consent).where(Consent.child_id == child.id, Consent.purpose == purpose))
    live = [one for one in rows if one.is_live_on(day)]
    return max(live, key=lambda one: (one.expires_on or date.max, one.id), default=None)


def text_version(purpose: Purpose) -> str:
    """The mark of the wording the family was told, in Chinese: which words a signature stands under."""
    with force_locale("zh_Hans_CN"):
        return hashlib.sha256(str(WORDS[purpose]).encode()).hexdigest()[:12]


def give(
    child: Child, *, actor: Actor, purpose: Purpose, given_by: Witness, giver_name: str, channel: ConsentChannel,
    verified: str, child_agrees: bool | None, for_whom: str, given_on: date, expires_on: date | None,
) -> Consent:  # fmt: skip
    """Write down a consent of the family for one purpose of a child of one's own unit.

    Raises NotFound for a child of another unit, Refused for the statutory file, days out of order, a named
    purpose without a name, and where the child’s own view is missing.
    """
    actor.require(Permission.CHILD_CONSENT_EDIT)
    own(child, actor)
    _check(child, purpose, for_whom, given_on, expires_on, child_agrees)
    made = Consent(child=child, purpose=purpose, basis=ProcessingBasis.CONSENT, given_by=given_by,
                   giver_name=giver_name, channel=channel, verified=verified, child_agrees=child_agrees,
                   for_whom=for_whom, text_version=text_version(purpose), given_on=given_on,
                   expires_on=expires_on, person_id=actor.person_id)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "children:consent:give", child=child, subject=f"consent:{made.public_id}",
                 details={"purpose": purpose})  # fmt: skip
    return made


def _check(
    child: Child,
    purpose: Purpose,
    for_whom: str,
    given_on: date,
    expires_on: date | None,
    agrees: bool | None,
) -> None:
    age = child.age_on(given_on)
    if purpose not in WORDS:
        raise Refused(_l("The file itself rests on the law; nobody is asked for it."), field="purpose")
    if given_on > today():
        raise Refused(_l("The day lies in the future."), field="given_on")
    if given_on < child.birth_date:
        raise Refused(_l("The day lies before the child was born."), field="given_on")
    if expires_on is not None and expires_on <= given_on:
        raise Refused(_l("The last day lies before the first."), field="expires_on")
    if purpose in _TO_WHOM and not for_whom:
        raise Refused(_l("Write to whom, or where it appears."), field="for_whom")
    if agrees is None and age >= ASKED_FROM:
        raise Refused(
            _l("From eight years on ask the child too, and choose what she says."), field="child_agrees"
        )
    if not agrees and age >= NEEDED_FROM:
        raise Refused(_l("From fourteen on nothing goes without the child’s own yes."), field="child_agrees")


def withdraw(child: Child, consent_id: uuid.UUID, *, actor: Actor) -> Consent:
    """Withdraw a consent today. What rested on it alone ends with the next request: pairings end today.

    Raises NotFound for a child of another unit or a consent that does not hold any more.
    """
    actor.require(Permission.CHILD_CONSENT_EDIT)
    own(child, actor)
    query = select(Consent).where(Consent.child_id == child.id, Consent.public_id == consent_id)
    found = db.session.scalars(query).one_or_none()
    if found is None or not found.is_live_on(today()):
        raise NotFound("consent")
    found.withdrawn_on = today()
    db.session.flush()
    ended = _end_pairings(child) if found.purpose is Purpose.PAIRING else 0
    audit.record(actor, "children:consent:withdraw", child=child, subject=f"consent:{found.public_id}",
                 details={"purpose": found.purpose, "pairings": ended})  # fmt: skip
    return found


def _end_pairings(child: Child) -> int:
    """End what rested on the consent, whoever arranged it: a helper loses sight of the child."""
    if holds(child, Purpose.PAIRING) is not None:
        return 0
    day = today()
    rows = db.session.scalars(select(Pairing).where(Pairing.child_id == child.id, Pairing.ends_on > day))
    resting = [one for one in rows if one.kind.asks_family]
    for one in resting:
        one.ends_on, one.end_reason = max(day, one.starts_on), PairingEnd.WITHDRAWN
    db.session.flush()
    return len(resting)
