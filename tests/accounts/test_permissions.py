"""The permission page and command: sixteen roles, every permission, in words and as a table."""

from __future__ import annotations

import csv
import io

from flask import Flask

from portal.config import ROOT
from portal.tenancy.permission_labels import LABELS, ROOMS
from portal.tenancy.permissions import GRANTS, Permission
from portal.tenancy.roles import Role
from tests.accounts.conftest import Office
from tests.clients import sign_in
from tests.commands import run


def test_the_command_prints_one_column_per_role(sqlite_app: Flask) -> None:
    head, *rows = csv.reader(io.StringIO(run(sqlite_app, "permissions", "table", "--format", "csv").output))
    assert head == ["permission", *(role.value for role in Role)]
    assert len(head) == 17
    held = {(row[0], role) for row in rows for role, cell in zip(head[1:], row[1:], strict=True) if cell}
    assert held == {(one.value, role.value) for role in Role for one in GRANTS[role]}


def test_the_command_prints_the_table_of_the_docs(sqlite_app: Flask) -> None:
    printed = run(sqlite_app, "permissions", "table", "--format", "md").output
    assert printed.strip() in (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")


def test_every_permission_and_room_has_its_words() -> None:
    assert set(LABELS) == set(Permission)
    assert set(ROOMS) >= {one.room for one in Permission}


def test_the_page_says_first_what_one_may_do_oneself(office: Office) -> None:
    page = sign_in(office.app, "director").get("/permissions").text
    mine, everybody = page.split("sw-table-roles", 1)
    assert str(Permission.ROSTER_IMPORT.room) not in everybody  # words, not codes
    assert "导入花名册" in mine
    assert everybody.count("●") == sum(len(GRANTS[role]) for role in Role)
