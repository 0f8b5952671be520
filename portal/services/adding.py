"""Adding what may stand only once: the database's own unique key decides, also between two at once."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from portal.errors import Refused
from portal.extensions import Model, db


def add_once(row: Model, refused: Refused) -> None:
    """Add a row and flush it. Raises `refused` where its key is taken; the transaction goes on."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise refused from None
