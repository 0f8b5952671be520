"""Bringing a roster by browser: upload, preview, confirm, refused rows back; hostile files get sentences."""

from __future__ import annotations

import io
import re
import time

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.config import ROOT
from tests.demo_clients import demo_client

SAMPLE = ROOT / "samples" / "roster-sample.xlsx"
HOME = "/units/999901-S09/registers/"


def upload(client: FlaskClient, data: bytes, name: str = "花名册.xlsx", as_of: str = "2025-06-30") -> str:
    answer = client.post(HOME, data={"file": (io.BytesIO(data), name), "as_of": as_of})
    assert answer.status_code == 302, answer.text[-500:]
    return answer.headers["Location"]


def settled(client: FlaskClient, address: str) -> str:
    """The batch's page once no work is under way."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page = client.get(address).text
        if "sw-poll" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("the batch is still being worked on")


def test_preview_confirm_and_the_refused_rows_back(demo_app: Flask) -> None:
    client = demo_client(demo_app, "coord_s09")
    address = upload(client, SAMPLE.read_bytes())
    page = settled(client, address)
    assert "校验位" in page
    assert re.search(r"确认导入\s*120", page)
    assert "999901201809060045" not in page
    back = openpyxl.load_workbook(io.BytesIO(client.get(address + "refused.xlsx").data)).worksheets[0]
    rows = list(back.iter_rows(values_only=True))
    assert "错误原因" in str(rows[2]) + str(rows[3])
    assert sum("试例" in str(row[1]) for row in rows) == 8
    assert client.post(address + "confirm").status_code == 302
    assert "确认导入" not in settled(client, address)


def test_confirming_twice_files_once(demo_app: Flask) -> None:
    client = demo_client(demo_app, "coord_s09")
    address = upload(client, SAMPLE.read_bytes())
    settled(client, address)
    assert client.post(address + "confirm").status_code == 302
    assert client.post(address + "confirm").status_code == 400
    settled(client, address)
    again = upload(client, SAMPLE.read_bytes())
    assert not re.search(r"确认导入\s*\d", settled(client, again))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"MZ\x90\x00", "不是电子表格"),
        (b"<html><table></table></html>", "不是电子表格"),
        (b"PK\x03\x04 half a zip", "不是电子表格"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "不是电子表格"),
    ],
)
def test_a_file_that_is_no_workbook_gets_a_sentence(demo_app: Flask, data: bytes, sentence: str) -> None:
    client = demo_client(demo_app, "coord_s09")
    assert sentence in settled(client, upload(client, data))


def test_an_empty_form_keeps_the_reader_on_the_page(demo_app: Flask) -> None:
    client = demo_client(demo_app, "coord_s09")
    answer = client.post(HOME, data={"as_of": "2025-02-31"})
    assert answer.status_code == 400
    assert answer.text.count("sw-error") + answer.text.count("aria-invalid") >= 2


def test_a_file_over_the_size_limit_is_answered_with_413(demo_app: Flask) -> None:
    client = demo_client(demo_app, "coord_s09")
    answer = client.post(
        HOME, data={"file": (io.BytesIO(b"x" * 26_000_000), "x.xlsx"), "as_of": "2025-06-30"}
    )
    assert answer.status_code == 413


def test_nobody_else_opens_the_batch(demo_app: Flask) -> None:
    coordinator = demo_client(demo_app, "coord_s09")
    address = upload(coordinator, SAMPLE.read_bytes())
    settled(coordinator, address)
    for username, status in (("coord_s15", 404), ("vd_gaoping", 404), ("head_s09", 403), ("county01", 403)):
        client = demo_client(demo_app, username)
        for path in ("", "refused.xlsx"):
            assert client.get(address + path).status_code == status, (username, path)


def test_the_blank_form_offers_the_villages_of_the_township(demo_app: Flask) -> None:
    answer = demo_client(demo_app, "coord_s09").get(HOME + "blank.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    words = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert any("高坪村" in word for word in words)
