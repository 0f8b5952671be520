"""Words of posts and sessions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.terms.term import Term


class PostShow(Term):
    """The lists of a unit's posts."""

    LIVE = "live", _l("on duty")
    INVITED = "invited", _l("invited")
    DUE = "due", _l("to look at again")
    ENDED = "ended", _l("ended")


class PostState(Term):
    """Where a grant stands."""

    LIVE = "live", _l("on duty")
    LATER = "later", _l("begins later")
    INVITED = "invited", _l("code not used yet")
    AWAITS_SECOND = "awaits_second", _l("waits for a second person")
    ENDED = "ended", _l("ended")


class SessionEnd(Term):
    """Why a session was ended before its time."""

    SIGNED_OUT = "signed_out", _l("signed out")
    REPLACED = "replaced", _l("signed in on another device")
    ENDED = "ended", _l("ended from the list of devices")
    SECRET_CHANGED = "secret_changed", _l("password or second factor changed")
    ADMINISTERED = "administered", _l("ended by the administration")
