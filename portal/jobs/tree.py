"""Tree jobs: on its day a planned change of the tree is carried out as the member who planned it."""

from __future__ import annotations

import logging

from flask_babel import force_locale, gettext

from portal.errors import PortalError, Refused
from portal.extensions import WRITES, db
from portal.services.accounts import actors
from portal.services.units import changes
from portal.tenancy.scope import enter, unscoped

_log = logging.getLogger(__name__)


def carry_out_planned() -> int:
    """Carry out every planned change whose day has come; how many were done. Never raises for one of them."""
    with unscoped("job: looking for planned changes of the tree") as session:
        due = [(one.id, one.public_id, one.membership_id) for one in changes.list_due(session)]
    done = 0
    for number, public_id, membership_id in due:
        WRITES.set(True)
        db.session.remove()
        try:
            actor = actors.find_actor_of_membership(membership_id) if membership_id else None
            if actor is None:
                raise Refused(gettext("The role of the person who planned it has ended: plan it anew."))
            enter(db.session(), actor.scope)
            changes.carry_out(public_id, actor=actor)
            db.session.commit()
            done += 1
        except PortalError as error:
            db.session.rollback()
            _log.warning("planned change %s was not carried out: %s", public_id, error)
            _write_down(number, error)
        finally:
            db.session.remove()
    return done


def _write_down(number: int, error: PortalError) -> None:
    with unscoped("job: a planned change that was not carried out") as session, force_locale("zh_Hans_CN"):
        reason = str(error.message) if isinstance(error, Refused) else str(error)
        changes.fail(session, number, reason)
        session.commit()
