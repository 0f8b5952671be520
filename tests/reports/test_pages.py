"""The roll-up as a page: the same numbers as the document, no names, few statements."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.extensions import db
from portal.models.children import Child
from tests.acting import acting
from tests.demo_clients import demo_client, statements

COUNTY = "/units/999901/reports/"


def test_the_page_and_the_document_say_the_same(demo_app: Flask) -> None:
    client = demo_client(demo_app, "county01")
    document = client.get("/api/v1/units/999901/rollup?period=2024-2025-2&basis=wide").json
    page = client.get(COUNTY).text
    assert document is not None
    for code in ("POP_PUPIL", "POP_LBC_SCH", "POP_LBC_RES", "CON_VISIT_NUM"):
        assert f"{document['indicators'][code]['value']:,}" in page, code
    assert document["coverage"] == {"reported": 4, "expected": 5}


def test_no_childs_name_stands_on_any_rollup(demo_app: Flask) -> None:
    with acting(demo_app, "county01"):
        names = set(db.session.scalars(select(Child.name)))
    client = demo_client(demo_app, "county01")
    for code in ("999901", "999901004", "999901-S09", "999901004002"):
        text = client.get(f"/units/{code}/reports/").text
        assert not [name for name in names if name in text], code


def test_the_page_costs_at_most_twelve_statements_and_scans_no_visit(demo_app: Flask) -> None:
    client = demo_client(demo_app, "county01")
    client.get(COUNTY)
    with statements(demo_app) as sent:
        assert client.get(COUNTY).status_code == 200
    asked = [one for one in sent if not one.startswith(("BEGIN", "SELECT pg_catalog", "ROLLBACK"))]
    assert len(asked) <= 12, "\n".join(asked)
    assert not [one for one in asked if re.search(r"FROM (visit|reach|child)\b", one)]


def test_every_place_drills_down_to_the_next(demo_app: Flask) -> None:
    client = demo_client(demo_app, "county01")
    assert "/units/999901004/reports/" in client.get(COUNTY).text
    township = client.get("/units/999901004/reports/").text
    assert "/units/999901-S09/reports/" in township
    assert "/units/999901004002/reports/" in township


def test_a_township_does_not_open_its_sister(demo_app: Flask) -> None:
    client = demo_client(demo_app, "town_t4")
    assert client.get("/units/999901004/reports/").status_code == 200
    for code in ("999901", "999901007", "999901-S15", "nowhere", "%00"):
        assert client.get(f"/units/{code}/reports/").status_code == 404
        assert client.get(f"/api/v1/units/{code}/rollup").status_code == 404


@pytest.mark.parametrize(
    "period", ["2025-13", "x", "2024-2026-1", "2025-H3", "'; DROP TABLE visit", "٢٠٢٥", "\0"]
)
def test_an_unreadable_period_is_a_clear_answer(demo_app: Flask, period: str) -> None:
    client = demo_client(demo_app, "county01")
    answer = client.get(COUNTY, query_string={"period": period})
    assert answer.status_code == 400
    assert "2024-2025-2" in answer.text


def test_both_charts_have_their_tables(demo_app: Flask) -> None:
    page = demo_client(demo_app, "county01").get(COUNTY).text
    assert page.count('role="img"') >= 2
    assert page.count("看表") >= 2
