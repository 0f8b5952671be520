"""Answers that are files to keep, never pages to look at."""

from __future__ import annotations

import io

from flask import Response, send_file

from portal.services.printing import pdf_of


def file_answer(content: bytes, media_type: str, name: str) -> Response:
    """The bytes as an attachment."""
    return send_file(io.BytesIO(content), media_type, as_attachment=True, download_name=name)


def pdf_answer(page: str, name: str) -> Response:
    """An HTML page as PDF."""
    return file_answer(pdf_of(page), "application/pdf", f"{name}.pdf")
