"""Words that open a hole are written in listed places only, each with its reason."""

from __future__ import annotations

import ast
import re
from collections import Counter

from tests.architecture.sources import PORTAL, TEMPLATES, called, calls, first_argument, html, name

RAW_SQL = {
    "portal/extensions.py": "exec_driver_sql: BEGIN IMMEDIATE on SQLite",
    "portal/models/audit_triggers.py": "exec_driver_sql: the triggers that make the audit unchangeable",
    "portal/models/reports/triggers.py": "exec_driver_sql: the cell triggers, compiled from declarations",
    "portal/services/accounts/lockout.py": "get_bind: only PostgreSQL counts two tries at a time",
    "portal/services/children/joining.py": "__table__: which columns tie a row to its child, read from its key",
    "portal/services/children/keeping/blanks.py": "__table__: whether a column may be left empty",
    "portal/services/children/keeping/copies.py": "__table__: which classes have a key to a child",
    "portal/services/reports/recompute.py": "text: cells again from the facts, under a system scope",
    "portal/services/home.py": "text: the revision of the database, for the watchdog",
    "portal/cli/seed/book.py": "__table__, text: rows of the invented county by the ten thousand",
    "portal/tenancy/walls/fences.py": "tables, text: the rules of each table, compiled from its class",
    "portal/tenancy/walls/orm.py": "metadata.tables: the pairings of a volunteer, inside the wall itself",
    "portal/tenancy/walls/postgresql.py": "exec_driver_sql: roles, policies and grants, compiled from the rules",
    "portal/tenancy/walls/sqlite.py": "tables: views and triggers, compiled from the rules",
}
"""Where SQL is written past the ORM, and why the wall need not see it."""

SQL_WORDS = {
    "text", "exec_driver_sql", "from_statement", "connection", "raw_connection", "get_bind",
    "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings",
}  # fmt: skip


def _writes_sql(path: object) -> bool:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sqlalchemy")
        for alias in node.names
    }
    words = SQL_WORDS - ({"text"} - imported)
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return bool(words & {called(one) for one in calls(path)} or attributes & {"__table__", "tables"})


def test_sql_past_the_orm_stands_in_the_listed_places_only() -> None:
    assert {name(path) for path in PORTAL if _writes_sql(path)} == set(RAW_SQL)


SYSTEM = Counter(
    {
        # login: before anybody has a scope
        ("portal/services/accounts/actors.py", "CLI: acting as a named account"): 1,
        ("portal/services/accounts/actors.py", "job: from membership to actor"): 1,
        ("portal/services/accounts/demo.py", "login: the accounts of a demonstration"): 1,
        ("portal/services/accounts/demo.py", "login: the code of a demo account"): 1,
        ("portal/services/accounts/held.py", "login: forgetting what was typed before"): 1,
        ("portal/services/accounts/held.py", "login: keeping what was typed when the session ended"): 1,
        ("portal/services/accounts/held.py", "login: keeping what could not be sent on"): 1,
        ("portal/services/accounts/held.py", "login: sending on what was typed before"): 1,
        ("portal/services/accounts/held.py", "login: what was typed before"): 1,
        ("portal/services/accounts/own.py", "account: changing one's own password"): 1,
        ("portal/services/accounts/own.py", "account: ending one's own session"): 1,
        ("portal/services/accounts/own.py", "account: offering a new second factor"): 1,
        ("portal/services/accounts/own.py", "account: one's own page"): 1,
        ("portal/services/accounts/own.py", "account: proving who one is"): 1,
        ("portal/services/accounts/own.py", "account: renewing one's recovery codes"): 1,
        ("portal/services/accounts/own.py", "account: setting one's second factor"): 1,
        ("portal/services/accounts/own.py", "account: signing out everywhere else"): 1,
        ("portal/services/accounts/own.py", "account: whose password is asked for again"): 1,
        ("portal/services/accounts/sessions.py", "login: ending a session"): 1,
        ("portal/services/accounts/sessions.py", "login: from session token to actor"): 1,
        ("portal/services/accounts/sessions.py", "login: switching the acting role"): 1,
        ("portal/services/accounts/sessions.py", "login: the reader's own preferences"): 1,
        ("portal/services/accounts/sessions.py", "login: when a session was last seen"): 1,
        ("portal/services/accounts/sessions.py", "login: why a session is over"): 1,
        ("portal/services/accounts/sign_in.py", "login: opening a session"): 1,
        ("portal/services/accounts/sign_in.py", "login: setting up the second factor"): 1,
        (
            "portal/services/accounts/sign_in.py",
            "login: the account is looked up before anybody has a scope",
        ): 1,
        ("portal/services/accounts/sign_in.py", "login: the second factor of a half session"): 1,
        ("portal/services/accounts/sign_in.py", "login: the seed offered to a half session"): 1,
        ("portal/services/accounts/sign_in.py", "login: whose half session it is"): 1,
        # people: codes come before anybody is somebody; an account's roles elsewhere protect it
        (
            "portal/services/people/codes.py",
            "activation: a one-time code comes before anybody is somebody",
        ): 1,
        (
            "portal/services/people/renewal.py",
            "people: every grant of an account decides who may renew it",
        ): 1,
        # the public form of volunteers: nobody has a scope yet, and it leaves one row
        ("portal/services/volunteers/applications.py", "volunteers: a public application"): 1,
        ("portal/services/volunteers/applications.py", "volunteers: the name on a public form"): 1,
        # jobs: the queue itself belongs to no unit
        ("portal/jobs/runner.py", "job: claiming a row of the queue"): 1,
        ("portal/jobs/runner.py", "job: progress"): 1,
        ("portal/jobs/runner.py", "job: writing down the outcome"): 1,
        ("portal/jobs/schedule.py", "job: looking for lost jobs"): 1,
        ("portal/jobs/tree.py", "job: looking for planned changes of the tree"): 1,
        ("portal/jobs/tree.py", "job: a planned change that was not carried out"): 1,
        ("portal/jobs/schedule.py", "job: the daily anchor of the audit"): 1,
        ("portal/jobs/schedule.py", "job: forgetting failed sign-ins"): 1,
        ("portal/jobs/schedule.py", "job: removing copies whose day is over"): 1,
        ("portal/jobs/schedule.py", "job: removing answered applications"): 1,
        ("portal/jobs/schedule.py", "job: files whose time has come"): 1,
        # the watchdog asks for the revision, nothing else
        ("portal/services/home.py", "health: the revision of the database"): 1,
        # sums of a past tree, read after the permission was checked
        (
            "portal/services/reports/past.py",
            "reports: the sums of units that belonged to a township then",
        ): 1,
        # the administrator at the machine
        ("portal/cli/audit.py", "CLI: flask audit anchor"): 1,
        ("portal/cli/audit.py", "CLI: flask audit verify"): 1,
        ("portal/cli/audit.py", "CLI: flask audit prune"): 1,
        ("portal/cli/people.py", "CLI: flask admins invite"): 1,
        ("portal/cli/seed/__init__.py", "flask seed demo"): 1,
        ("portal/cli/seed/__init__.py", "flask seed logins"): 1,
        ("portal/cli/keys.py", "CLI: flask keys status"): 1,
        ("portal/cli/keys.py", "CLI: flask keys rotate"): 1,
        ("portal/cli/reports.py", "CLI: finding the unit of a roll-up"): 1,
        ("portal/cli/reports.py", "CLI: flask rollup --recompute --check"): 1,
        ("portal/cli/units.py", "CLI: flask units import"): 1,
        ("portal/cli/output.py", "reason"): 1,  # act_as_system: its callers would stand here too
        ("portal/tenancy/scope.py", "reason"): 1,  # unscoped itself
    }
)
"""(module, reason) of every place that sees everything."""


def test_whoever_sees_everything_is_listed_with_a_reason() -> None:
    words = {"unscoped", "system_scope", "act_as_system"}
    found = Counter(
        (name(path), first_argument(one)) for path in PORTAL for one in calls(path) if called(one) in words
    )
    assert found == SYSTEM


MARKUP_IN_CODE: set[str] = set()
SAFE_IN_TEMPLATES: dict[str, str] = {}
"""Template → why its `|safe` is one."""


def test_no_module_declares_text_to_be_markup() -> None:
    found = {
        name(path) for path in PORTAL for one in calls(path) if called(one) in {"Markup", "escape_silent"}
    }
    assert found == MARKUP_IN_CODE


def test_no_template_switches_escaping_off() -> None:
    off = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    assert {name(path) for path in TEMPLATES if off.search(html(path))} == set(SAFE_IN_TEMPLATES)


def test_no_template_carries_style_or_script_of_its_own() -> None:
    """The content security policy would refuse them, silently for whoever wrote them."""
    inline = re.compile(r"""<[^>]*\s(style|on[a-z]+)\s*=|<style|<script(?![^>]*\ssrc=)|javascript:""", re.I)
    found = {name(path): match.group() for path in TEMPLATES if (match := inline.search(html(path)))}
    assert found == {}


def test_no_template_loads_anything_from_elsewhere() -> None:
    elsewhere = re.compile(r"""(src|href|action|srcset|data)\s*=\s*["']?\s*(https?:)?//""", re.I)
    assert {name(path) for path in TEMPLATES if elsewhere.search(html(path))} == set()


def test_a_form_that_changes_something_carries_the_token() -> None:
    form = re.compile(r"<form[^>]*method=[\"']post[\"'].*?</form>", re.I | re.DOTALL)
    bare = {
        name(path)
        for path in TEMPLATES
        for found in form.findall(html(path))
        if "csrf_token" not in found and "hidden_tag" not in found
    }
    assert bare == set()
