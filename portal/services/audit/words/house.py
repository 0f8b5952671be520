"""What is done with accounts, the log, keys, rosters and the tree."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.models.audit import PRUNED
from portal.services.audit.words.sentence import Sentence, Span
from portal.tenancy.roles import Role
from portal.terms import ActKind, ChangeKind

_K = ActKind

HOUSE: dict[str, Sentence] = {
    "accounts:password:change": Sentence(_K.SIGN_IN, _l("changed the password")),
    "accounts:people:activate": Sentence(_K.GRANT, _l("chose a password with a one-time code")),
    "accounts:people:classes": Sentence(_K.GRANT, _l("gave a class teacher her classes: %(classes)s")),
    "accounts:people:confirm": Sentence(
        _K.GRANT, _l("said yes as the second person to the role %(role)s"), {"role": Role}
    ),
    "accounts:people:end": Sentence(_K.GRANT, _l("ended the role %(role)s: %(reason)s"), {"role": Role}),
    "accounts:people:extend": Sentence(
        _K.GRANT, _l("extended the role %(role)s until %(last_day)s"), {"role": Role}
    ),
    "accounts:people:hand_over": Sentence(
        _K.GRANT,
        _l("handed work over: %(posts)s roles, %(pairings)s pairings, %(classes)s classes, %(jobs)s jobs"),
    ),
    "accounts:people:invite": Sentence(
        _K.GRANT, _l("gave the role %(role)s until %(last_day)s"), {"role": Role}
    ),
    "accounts:people:renew": Sentence(_K.GRANT, _l("renewed the access of an account: %(reason)s")),
    "accounts:recovery:renew": Sentence(_K.SIGN_IN, _l("had new recovery codes made")),
    "accounts:recovery:use": Sentence(_K.ALERT, _l("signed in with a recovery code; %(left)s are left")),
    "accounts:second:set": Sentence(_K.SIGN_IN, _l("set up an authenticator")),
    "accounts:session:close": Sentence(_K.SIGN_IN, _l("signed out")),
    "accounts:session:end": Sentence(_K.SIGN_IN, _l("ended %(sessions)s sign-ins on other devices")),
    "accounts:session:lock": Sentence(_K.ALERT, _l("was locked after too many wrong passwords")),
    "accounts:session:open": Sentence(_K.SIGN_IN, _l("signed in")),
    "accounts:session:refuse": Sentence(_K.SIGN_IN, _l("was refused: a wrong password")),
    "accounts:session:switch": Sentence(_K.SIGN_IN, _l("took up the role %(role)s"), {"role": Role}),
    "audit:budget:passed": Sentence(
        _K.ALERT, _l("opened more than %(files)s files within one %(per)s"), {"per": Span}
    ),
    PRUNED: Sentence(
        _K.CHANGE, _l("removed %(lines)s lines from before %(before)s: their keeping time was over")
    ),
    "keys:field:rotate": Sentence(_K.CHANGE, _l("sealed %(done)s fields anew under today’s key")),
    "registers:refused_rows:export": Sentence(_K.EXPORT, _l("took out the refused rows of a roster")),
    "registers:roster:commit": Sentence(
        _K.CHANGE, _l("took a roster in: %(new)s new, %(changed)s changed, %(refused)s refused")
    ),
    "registers:roster:confirm": Sentence(_K.CHANGE, _l("confirmed a roster")),
    "registers:roster:file": Sentence(_K.CHANGE, _l("filed rows of a roster: %(done)s of %(total)s")),
    "registers:roster:read": Sentence(_K.CHANGE, _l("had a roster checked")),
    "registers:roster:receive": Sentence(_K.CHANGE, _l("brought a roster")),
    "units:county:load": Sentence(_K.GRANT, _l("the county was set up in this installation")),
    "units:tree:cancel": Sentence(
        _K.CHANGE, _l("cancelled a planned change of the tree: %(kind)s"), {"kind": ChangeKind}
    ),
    "units:tree:change": Sentence(_K.CHANGE, _l("changed the tree: %(kind)s"), {"kind": ChangeKind}),
    "units:tree:plan": Sentence(
        _K.CHANGE, _l("planned a change of the tree: %(kind)s"), {"kind": ChangeKind}
    ),
    "units:tree:undo": Sentence(
        _K.CHANGE, _l("took a change of the tree back: %(kind)s"), {"kind": ChangeKind}
    ),
}
