"""Batches: a workbook arrives, is read and shown, is confirmed once, and gives its refused rows back."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import now, today
from portal.errors import FileRefused, NotFound, Refused
from portal.extensions import db
from portal.models.registers import ImportBatch
from portal.services import audit, units
from portal.services.registers.blank_form import blank_roster
from portal.services.registers.intake import Intake, Verdict, take_in
from portal.services.registers.places import CountyPlaces, VillageFinder
from portal.services.registers.records import RosterRow
from portal.services.registers.roster import parse_roster
from portal.services.registers.sheet import Sheet, read_sheet
from portal.services.registers.workbooks import refused_workbook
from portal.tenancy.actor import Actor
from portal.tenancy.permissions import Permission
from portal.tenancy.units import Unit
from portal.terms import ImportState, RefusalReason, RowOutcome

SHOWN = 300
"""Rows of each outcome the preview names; the counts are of all."""

Progress = Callable[[int, int], None]


def receive(
    *, actor: Actor, unit: Unit, file_name: str, data: bytes, as_of: date | None = None
) -> ImportBatch:
    """Keep an uploaded workbook, sealed, until it has been read. Raises Refused for an empty file."""
    actor.require(Permission.ROSTER_IMPORT, at=unit)
    if not data:
        raise Refused(_l("The file is empty: choose the workbook again."), field="file")
    batch = ImportBatch(
        public_id=uuid.uuid4(),
        unit=unit,
        state=ImportState.READING,
        file_name=file_name[-200:],
        file_hash=hashlib.sha256(data).hexdigest(),
        as_of=as_of or today(),
        created_by_id=actor.user_id,
        created_at=now(),
        summary={},
    )
    batch.content = data
    db.session.add(batch)
    db.session.flush()
    _note(batch, actor, "registers:roster:receive")
    return batch


def _note(batch: ImportBatch, actor: Actor, action: str, **details: Any) -> None:
    db.session.flush()
    subject = f"import:{batch.public_id}"
    audit.record(actor, action, at=batch.unit, subject=subject, details=details)


def get_batch(public_id: uuid.UUID, *, actor: Actor) -> ImportBatch:
    """A batch of the actor's own unit. Raises NotFound."""
    found = db.session.scalars(
        select(ImportBatch).where(ImportBatch.public_id == public_id, ImportBatch.unit_id == actor.unit.id)
    ).one_or_none()
    if found is None:
        raise NotFound("import batch")
    actor.require(Permission.ROSTER_IMPORT, at=found.unit)
    return found


def list_batches(unit: Unit, *, actor: Actor, limit: int = 20) -> list[ImportBatch]:
    """The last workbooks of a unit, newest first."""
    actor.require(Permission.ROSTER_IMPORT, at=unit)
    return list(
        db.session.scalars(
            select(ImportBatch)
            .where(ImportBatch.unit_id == unit.id)
            .order_by(ImportBatch.created_at.desc(), ImportBatch.id.desc())
            .limit(limit)
        )
    )


def list_waiting(unit: Unit, *, actor: Actor, limit: int = 3) -> list[ImportBatch]:
    """The workbooks of a unit that have been read and wait to be confirmed, newest first."""
    actor.require(Permission.ROSTER_IMPORT, at=unit)
    return list(
        db.session.scalars(
            select(ImportBatch)
            .where(ImportBatch.unit_id == unit.id, ImportBatch.state == ImportState.PREVIEWED)
            .order_by(ImportBatch.created_at.desc(), ImportBatch.id.desc())
            .limit(limit)
        )
    )


def read_batch(batch: ImportBatch, *, actor: Actor, progress: Progress) -> None:
    """Read the workbook and work out what it would do; nothing of it is filed yet."""
    actor.require(Permission.ROSTER_IMPORT, at=batch.unit)
    try:
        _sheet, rows = _rows(batch)
    except FileRefused as refused:
        batch.state = ImportState.REFUSED
        batch.refused_code = refused.code
        batch.content_sealed = None
        _note(batch, actor, "registers:roster:read", refused=refused.code)
        return
    with db.session.no_autoflush:
        intake = take_in(
            db.session(),
            rows,
            unit=batch.unit,
            as_of=batch.as_of,
            write=False,
            after_chunk=lambda done: progress(done, len(rows)),
        )
    _keep(batch, intake)
    batch.state = ImportState.PREVIEWED
    _note(batch, actor, "registers:roster:read", **_counts(batch))


def commit_batch(batch: ImportBatch, *, actor: Actor, progress: Progress) -> None:
    """File the accepted rows. Safe to run again after a crash: rows already filed are unchanged."""
    actor.require(Permission.ROSTER_IMPORT, at=batch.unit)
    if batch.state is not ImportState.COMMITTING:
        return
    _sheet, rows = _rows(batch)

    def chunk_filed(done: int) -> None:  # each chunk is a transaction of its own, with its own line
        _note(batch, actor, "registers:roster:file", done=done, total=len(rows))
        progress(done, len(rows))

    take_in(  # the preview the clerk confirmed stays as the record of what was done
        db.session(),
        rows,
        unit=batch.unit,
        as_of=batch.as_of,
        write=True,
        after_chunk=chunk_filed,
    )
    batch.state = ImportState.COMMITTED
    batch.committed_at = now()
    if not batch.summary.get("refused"):
        batch.content_sealed = None
    _note(batch, actor, "registers:roster:commit", **_counts(batch))


def confirm(batch: ImportBatch, *, actor: Actor) -> None:
    """The clerk has seen the preview and wants it filed. Raises Refused if there is nothing to confirm."""
    actor.require(Permission.ROSTER_IMPORT, at=batch.unit)
    if batch.state is not ImportState.PREVIEWED:
        raise Refused(_l("This roster has been taken in already."))
    batch.state = ImportState.COMMITTING
    _note(batch, actor, "registers:roster:confirm")


def preview_of(batch: ImportBatch) -> dict[str, list[dict[str, Any]]]:
    """What each named row would do, by outcome; empty until it has been read."""
    if batch.preview_sealed is None:
        return {}
    shown: dict[str, list[dict[str, Any]]] = json.loads(batch.preview)
    return shown


def refused_rows(batch: ImportBatch, *, actor: Actor) -> bytes:
    """The refused rows as a workbook of the same layout with an 错误原因 column. Raises Refused."""
    actor.require(Permission.ROSTER_IMPORT, at=batch.unit)
    if batch.content_sealed is None or not batch.summary.get("refused"):
        raise Refused(_l("No row of this roster was refused."))
    sheet, rows = _rows(batch)
    with db.session.no_autoflush:
        intake = take_in(db.session(), rows, unit=batch.unit, as_of=batch.as_of, write=False)
    refused = {v.row: v for v in intake.verdicts if v.outcome is RowOutcome.REFUSED}
    subject = f"import:{batch.public_id}"
    audit.read(actor, "registers:refused_rows:export", at=batch.unit, subject=subject, each=True)
    return refused_workbook(sheet, [(row, sentence(refused[row.row])) for row in rows if row.row in refused])


def blank_form(unit: Unit, *, actor: Actor) -> bytes:
    """The empty official form with this unit's villages to choose from."""
    actor.require(Permission.ROSTER_IMPORT, at=unit)
    near = [
        village.name
        for village, _town in units.list_villages(unit.county_id)
        if unit.township_id in (0, village.township_id)
    ]
    return blank_roster(unit.name, near)


def import_file(
    session: Session, *, actor: Actor, unit: Unit, file_name: str, data: bytes, as_of: date, write: bool
) -> Intake:
    """The whole way at once, for the command line. Raises FileRefused."""
    actor.require(Permission.ROSTER_IMPORT, at=unit)
    _sheet, rows = _read(unit, file_name, data, as_of)
    intake = take_in(session, rows, unit=unit, as_of=as_of, write=write)
    if write:
        audit.record(actor, "registers:roster:commit", at=unit, details=_tally(intake))
    return intake


def sentence(verdict: Verdict) -> str:
    """Why a row was refused and what to do, in the reader's language."""
    if verdict.reason is RefusalReason.ON_FILE_ELSEWHERE:
        return str(_("%(unit)s keeps this child's file: ask it for a transfer.", unit=verdict.where))
    return str(verdict.reason.label) if verdict.reason else ""


def _rows(batch: ImportBatch) -> tuple[Sheet, list[RosterRow]]:
    if batch.content_sealed is None:
        raise Refused(_l("The workbook is no longer kept here: bring it again."))
    return _read(batch.unit, batch.file_name, batch.content, batch.as_of)


def _read(unit: Unit, file_name: str, data: bytes, as_of: date) -> tuple[Sheet, list[RosterRow]]:
    sheet = read_sheet(data, file_name)
    villages = units.list_villages(unit.county_id)
    county = db.session.get_one(Unit, unit.county_id).name
    finder = VillageFinder(((v.name, town, v) for v, town in villages), county_name=county)
    places = CountyPlaces(county, units.list_names(unit.county_id))
    return sheet, parse_roster(sheet, find_village=finder, is_inside_county=places, as_of=as_of)


def _tally(intake: Intake) -> dict[str, int]:
    counted = Counter(verdict.outcome for verdict in intake.verdicts)
    return {outcome.value: counted[outcome] for outcome in RowOutcome}


def _counts(batch: ImportBatch) -> dict[str, int]:
    return {outcome.value: int(batch.summary.get(outcome.value, 0)) for outcome in RowOutcome}


def _keep(batch: ImportBatch, intake: Intake) -> None:
    """Write counts in clear and the named rows sealed."""
    batch.summary = {**_tally(intake), "rows": len(intake.verdicts), "status": intake.status}
    shown: dict[str, list[dict[str, Any]]] = {outcome.value: [] for outcome in RowOutcome}
    for verdict in intake.verdicts:
        rows = shown[verdict.outcome.value]
        if len(rows) < SHOWN:
            rows.append(
                {
                    "row": verdict.row,
                    "name": verdict.name,
                    "reason": verdict.reason.value if verdict.reason else "",
                    "where": verdict.where,
                    "changes": list(verdict.changes),
                    "notes": list(verdict.notes),
                }
            )
    batch.preview = json.dumps(shown)
