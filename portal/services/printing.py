"""Paper: a whole HTML page as PDF, in the styles of paper.css.

WeasyPrint takes some 350 MB with a Chinese font, so it works apart and leaves nothing behind.
"""

from __future__ import annotations

from pathlib import Path

from flask_babel import lazy_gettext as _l

from portal.errors import Refused
from portal.services.apart import TooHeavy, run_apart

STYLES = Path(__file__).parents[1] / "static" / "css" / "paper.css"
SECONDS = 90
_CHILD = Path(__file__).with_name("printing_child.py")


def pdf_of(page: str) -> bytes:
    """The PDF of an HTML page; its pictures are data addresses, and nothing else is fetched.

    Raises Refused where it takes too long.
    """
    try:
        status, pdf = run_apart(_CHILD, page.encode(), seconds=SECONDS, arguments=(str(STYLES),))
    except TooHeavy:
        status, pdf = 1, b""
    if status or not pdf.startswith(b"%PDF"):
        raise Refused(_l("The paper could not be made. Try again in a minute."))
    return pdf
