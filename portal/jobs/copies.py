"""The job that puts together everything on file about a child: a PDF to read, JSON, and the papers."""

from __future__ import annotations

import io
import uuid
import zipfile

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from portal.extensions import db
from portal.jobs.rosters import Progress
from portal.models.children import Child
from portal.services.children.keeping import copies
from portal.services.printing import pdf_of
from portal.tenancy.actor import Actor


def make(*, actor: Actor, progress: Progress, copy_of: str) -> None:
    """Make the copy of one child's file and keep it for a day. Nothing is held while the paper is made."""
    child = db.session.scalars(select(Child).where(Child.public_id == uuid.UUID(copy_of))).one()
    found = copies.gather(child, actor=actor)
    db.session.commit()
    progress(1, 3)
    with force_locale("zh_Hans_CN"):
        pdf = pdf_of(current_app.jinja_env.get_template("paper/child_copy.html").render(copy=found))
    progress(2, 3)
    copies.keep(child, _bundle(found, pdf), actor=actor, rows=found.rows)


def _bundle(found: copies.Gathered, pdf: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(f"{found.case_no}.pdf", pdf)
        bundle.writestr(f"{found.case_no}.json", found.as_json())
        for name, content in found.files:
            bundle.writestr(f"papers/{name}", content)
    return written.getvalue()
