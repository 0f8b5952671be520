"""Everybody has a first page, and it says what waits for her."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.web.database import newest_revision
from tests.demo_clients import demo_client, statements

EVERYBODY = [
    "county01", "leader01", "wf01", "audit01", "town_t4", "tleader_t4", "vd_gaoping", "head_s09", "coord_s09",
    "coord_k02", "teacher_s10", "vol02", "sysadmin01", "secadmin01", "auditadmin01",
]  # fmt: skip


@pytest.mark.parametrize("username", EVERYBODY)
def test_every_role_has_a_first_page(demo_app: Flask, username: str) -> None:
    page = demo_client(demo_app, username).get("/")
    assert page.status_code == 200
    assert len(re.findall(r"<h1", page.text)) == 1


@pytest.mark.parametrize("username", ["county01", "town_t4", "coord_s09", "vd_gaoping", "vol02"])
def test_the_first_page_costs_few_statements(demo_app: Flask, username: str) -> None:
    client = demo_client(demo_app, username)
    client.get("/")
    with statements(demo_app) as sent:
        client.get("/")
    asked = [one for one in sent if not one.startswith(("BEGIN", "ROLLBACK", "SELECT pg_catalog"))]
    assert len(asked) <= 14, "\n".join(asked)


def test_a_worry_reaches_the_first_page_of_school_and_village(demo_app: Flask) -> None:
    volunteer = demo_client(demo_app, "vol02")
    child = re.findall(r"/visits/new\?child=([0-9a-f-]{36})", volunteer.get("/").text)[0]
    data = {"kind": "talk", "children": child, "happened_on": "2025-06-30", "minutes": "20", "worry": "y"}
    assert volunteer.post("/visits/new", data=data).status_code == 302
    assert f"/children/{child}/" in demo_client(demo_app, "coord_s09").get("/").text
    assert f"/children/{child}/" not in demo_client(demo_app, "coord_s15").get("/").text


def test_the_watchdog_reads_the_revision_and_the_queue(demo_app: Flask) -> None:
    client = demo_app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    state = client.get("/healthz/ready")
    assert state.status_code == 200
    assert state.json == {
        "database": "up",
        "queue": "in process",
        "ready": True,
        "revision": newest_revision(),
    }
