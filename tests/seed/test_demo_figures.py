"""The loaded demo county gives the headline figures: from the facts and, the same, from the cells."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.cli.seed import tables
from portal.models.reports.cells import ADDITIVES
from portal.models.reports.compile import expected, stored
from tests.seed.counting import LIVE, PUPIL

EXPECTED = {
    "full": {
        "pupils": 8_619, "kindergarten pupils": 400, "wide": 4_361, "girls": 2_093, "both": 1_775,
        "official": 1_871, "one away, other incapable": 96, "grandparent": 1_385, "fostered": 467,
        "unguarded": 19, "unguarded before": 57, "placed": 38, "in kindergarten": 191, "under six": 211,
        "out of school": 17, "dropped out": 3, "residents": 4_780, "in January": 4_702, "joins": 214,
        "leaves": 136, "talks": 15_002, "calls": 13_606, "visited": 4_012, "home visits": 4_655,
        "pairs": 1_997, "paired": 1_744, "volunteers": 240, "accepted": 15, "returns": 18, "villages": 42,
    },
    "small": {
        "pupils": 1_637, "kindergarten pupils": 162, "wide": 918, "girls": 440, "both": 374,
        "official": 394, "one away, other incapable": 20, "grandparent": 291, "fostered": 98,
        "unguarded": 5, "unguarded before": 13, "placed": 8, "in kindergarten": 71, "under six": 103,
        "out of school": 0, "dropped out": 0, "residents": 1_092, "in January": 1_075, "joins": 48,
        "leaves": 31, "talks": 3_183, "calls": 2_887, "visited": 850, "home visits": 986,
        "pairs": 420, "paired": 366, "volunteers": 52, "accepted": 4, "returns": 5, "villages": 12,
    },
}  # fmt: skip


@pytest.fixture
def figure(demo):
    return EXPECTED[demo.profile]


# ---- stocks, from the standings -------------------------------------------------------------------


def test_pupils_are_those_of_the_classes(demo, figure):
    sql = "SELECT SUM(pupils) FROM school_class WHERE compulsory = :yes"
    assert demo.number(sql, yes=True) == figure["pupils"]
    assert demo.number(sql, yes=False) == figure["kindergarten pupils"]


def test_left_behind_pupils_on_both_bases(demo, figure):
    assert demo.pupils() == figure["wide"]
    assert demo.pupils("s.official") == figure["official"]
    assert demo.pupils("s.female") == figure["girls"]
    assert demo.pupils("s.both_away") == figure["both"]
    assert demo.pupils("s.official AND NOT s.both_away") == figure["one away, other incapable"]
    assert demo.pupils("NOT s.official AND s.guardian <> 'parent'") == 0


def test_official_figures_are_stable_from_january(demo, figure):
    for month in ("01", "02", "03", "04", "05", "06"):
        assert demo.pupils("s.official", day=f"2025-{month}-28") == figure["official"], month


def test_guardians_of_the_official_children(demo, figure):
    kinds = demo.table(
        f"SELECT guardian, COUNT(*) FROM standing s WHERE {PUPIL} AND {LIVE} AND s.official"
        " GROUP BY guardian",
        day="2025-06-30",
    )
    assert kinds == {
        "grandparent": figure["grandparent"], "relative": figure["fostered"], "none": figure["unguarded"],
    }  # fmt: skip


def test_children_without_a_guardian_found_one_in_the_term(demo, figure):
    without = demo.pupils("s.official AND s.guardian = 'none'", day="2025-01-31")
    assert without == figure["unguarded before"]
    placed = demo.rows(f"SELECT s.starts_on FROM standing s WHERE {PUPIL} AND s.placed AND s.official")
    assert len(placed) == figure["placed"]
    assert {str(row[0])[:4] for row in placed} == {"2025"}


def test_figures_of_each_school(demo):
    found = demo.rows(
        "SELECT u.code, COUNT(*), SUM(CASE WHEN s.official THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN s.official AND s.guardian = 'grandparent' THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN s.official AND s.guardian = 'none' THEN 1 ELSE 0 END),"
        " SUM(CASE WHEN s.female THEN 1 ELSE 0 END)"
        " FROM standing s JOIN unit u ON u.id = s.stat_unit_id"
        f" WHERE {PUPIL} AND {LIVE} GROUP BY u.code ORDER BY u.code",
        day="2025-06-30",
    )
    rows = {f"999901-{row.key}": row for row in tables.compulsory_schools()}
    assert len(found) == (16 if demo.profile == "full" else 4)
    for code, *numbers in found:
        row = rows[code]
        assert numbers == [row.wide, row.official, row.grandparent, row.unguarded, row.girls], code


def test_residents_of_each_township(demo, figure):
    found = demo.table(
        "SELECT u.code, COUNT(*) FROM standing s JOIN unit u ON u.id = s.stat_township_id"
        f" WHERE s.side = 'village' AND {LIVE} GROUP BY u.code",
        day="2025-06-30",
    )
    assert found == {town.code: town.residents for town in tables.towns() if town.code in found}
    assert sum(found.values()) == figure["residents"]


def test_children_beside_the_compulsory_schools(demo, figure):
    garden = f"SELECT COUNT(*) FROM standing s WHERE s.side = 'school' AND NOT s.compulsory AND {LIVE}"
    assert demo.number(garden, day="2025-06-30") == figure["in kindergarten"]
    where = "SELECT COUNT(*) FROM child WHERE school_id IS NULL AND schooling IN"
    assert demo.number(f"{where} ('not_yet')") == figure["under six"]
    assert demo.number(f"{where} ('not_in_school', 'dropped_out')") == figure["out of school"]
    assert demo.number(f"{where} ('dropped_out')") == figure["dropped out"]


def test_the_stock_is_continuous_over_february(demo, figure):
    assert demo.residents("2025-01-31") == figure["in January"]
    moves = "SELECT COUNT(*) FROM standing WHERE side = 'village'"
    assert demo.number(f"{moves} AND joins_wide AND starts_on >= '2025-01-11'") == figure["joins"]
    gone = f"{moves} AND leaves_wide AND ends_on BETWEEN '2025-01-01' AND '2025-06-30'"
    assert demo.number(gone) == figure["leaves"]
    february = f"{moves} AND leaves_wide AND ends_on BETWEEN '2025-02-17' AND '2025-02-28'"
    assert demo.number(february) == figure["leaves"]
    assert demo.residents() == figure["residents"]


def test_the_wide_stock_follows_from_the_bare_facts(demo, figure):
    """Under sixteen, placed, a parent away: counted without the standings."""
    sql = (
        "SELECT COUNT(DISTINCT c.id) FROM child c JOIN placement p ON p.child_id = c.id"
        " JOIN absence a ON a.child_id = c.id JOIN unit u ON u.id = p.stat_unit_id"
        " WHERE p.side = :side AND p.since <= '2025-06-30' AND p.until > '2025-06-30'"
        " AND a.since <= '2025-06-30' AND a.until > '2025-06-30' AND c.birth_date > '2009-06-30'"
        " AND COALESCE(u.school_kind, '') <> 'kindergarten'"
    )
    assert demo.number(sql, side="school") == figure["wide"]
    assert demo.number(sql, side="village") == figure["residents"]


# ---- visits, pairs and returns --------------------------------------------------------------------

BY_TEACHER = "v.role = 'class_teacher' AND v.happened_on BETWEEN '2025-03-01' AND '2025-06-30'"


def test_talks_and_calls_reach_a_child_once_a_month(demo, figure):
    for kind, name in (("talk", "talks"), ("call", "calls")):
        rows = demo.rows(
            f"SELECT v.child_id, v.happened_on FROM visit v WHERE {BY_TEACHER} AND v.kind = '{kind}'"
        )
        assert len(rows) == len({(child, str(day)[:7]) for child, day in rows}) == figure[name]


def test_home_visits_and_children_seen_at_home(demo, figure):
    home = "FROM visit v WHERE v.kind = 'home_visit'"
    assert demo.number(f"SELECT COUNT(*) {home}") == figure["home visits"]
    assert demo.number(f"SELECT COUNT(DISTINCT v.child_id) {home}") == figure["visited"]
    assert demo.number(f"SELECT COUNT(DISTINCT v.child_id) {home} AND {BY_TEACHER}") == figure["visited"]
    assert {row[0] for row in demo.rows(f"SELECT DISTINCT v.role {home}")} == {
        "class_teacher", "child_director", "volunteer",
    }  # fmt: skip


def test_every_visit_lies_in_the_term_and_on_a_child_of_the_stock(demo):
    days = demo.rows("SELECT MIN(happened_on), MAX(happened_on) FROM visit")[0]
    assert str(days[0]) >= "2025-03-01"
    assert str(days[1]) <= "2025-06-27"
    on_others = (
        "SELECT COUNT(*) FROM visit v WHERE NOT EXISTS (SELECT 1 FROM standing s"
        f" WHERE s.child_id = v.child_id AND {PUPIL}"
        " AND s.starts_on <= v.happened_on AND s.ends_on > v.happened_on)"
    )
    assert demo.number(on_others) == 0
    assert demo.number("SELECT COUNT(*) FROM visit WHERE role = 'volunteer' AND kind = 'talk'") <= 230


def test_a_visit_is_logged_after_it_happened_and_by_somebody(demo):
    rows = demo.rows("SELECT happened_on, logged_at FROM visit")
    assert all(str(day) <= str(at)[:10] for day, at in rows)
    assert demo.number("SELECT COUNT(*) FROM visit WHERE logged_by_id IS NULL") == 0


def test_pairs_and_paired_children(demo, figure):
    assert demo.number("SELECT COUNT(*) FROM pairing") == figure["pairs"]
    assert demo.number("SELECT COUNT(DISTINCT child_id) FROM pairing") == figure["paired"]
    assert demo.number("SELECT COUNT(*) FROM pairing WHERE starts_on >= '2025-02-17'") == 0
    most = "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM pairing GROUP BY child_id) AS per_child"
    assert demo.number(most) == 2


def test_pairs_by_kind(full):
    assert full.table("SELECT kind, COUNT(*) FROM pairing GROUP BY kind") == {
        "teacher": 1_525, "cadre": 243, "proxy_parent": 60, "caring_mother": 73, "volunteer": 96,
    }  # fmt: skip
    people = "SELECT COUNT(DISTINCT helper_id) FROM pairing WHERE kind = 'proxy_parent'"
    assert full.number(people) == 48


def test_only_the_children_of_compulsory_schools_are_paired(demo):
    others = (
        "SELECT COUNT(*) FROM pairing p JOIN child c ON c.id = p.child_id"
        " LEFT JOIN unit u ON u.id = c.school_id WHERE u.id IS NULL OR u.school_kind = 'kindergarten'"
    )
    assert demo.number(others) == 0


def test_volunteers_by_category_and_check(full):
    assert full.table("SELECT category, COUNT(*) FROM volunteer GROUP BY category") == {
        "five_elders": 36, "teacher": 72, "cadre": 38, "women": 46, "student": 13, "western": 9,
        "citizen": 18, "professional": 8,
    }  # fmt: skip
    valid = "SELECT COUNT(*) FROM volunteer WHERE status = 'active' AND vetted_until > '2025-06-30'"
    assert full.number(valid) == 228
    assert full.number("SELECT COUNT(*) FROM volunteer WHERE vetted_until IS NULL AND status = 'active'") == 9
    assert full.number("SELECT COUNT(*) FROM volunteer WHERE vetted_until <= '2025-06-30'") == 3


def test_the_number_of_volunteers(demo, figure):
    assert demo.number("SELECT COUNT(*) FROM volunteer") == figure["volunteers"]


def test_returns_of_the_cycle(demo, figure):
    returns = (
        "SELECT COUNT(*) FROM submission s JOIN unit u ON u.id = s.unit_id"
        " WHERE s.period = '2024-2025-2' AND u.kind = :kind"
    )
    assert demo.number(returns, kind="school") == figure["returns"]
    assert demo.number(f"{returns} AND s.state = 'accepted'", kind="school") == figure["accepted"]
    assert demo.number(f"{returns} AND s.state = 'accepted'", kind="village") == figure["villages"]
    note = "SELECT s.state_note FROM submission s JOIN unit u ON u.id = s.unit_id WHERE u.code = '999901-K02'"
    assert demo.rows(note) == [("文字与苗圃幼儿园雷同，请按本园实际重写。",)]


# ---- the same from the cells ----------------------------------------------------------------------


@pytest.mark.parametrize("additive", ADDITIVES, ids=lambda additive: additive.name)
def test_the_cells_hold_what_the_facts_say(demo, additive):
    dialect = demo.engine.dialect.name
    with demo.engine.connect() as connection:
        county = connection.scalar(text("SELECT id FROM unit WHERE code = '999901'"))
        wanted = set(connection.execute(text(expected(additive, dialect)), {"county": county}))
        held = set(connection.execute(text(stored(additive)), {"county": county}))
    assert held == wanted
    assert held


def test_stocks_from_the_township_cells(demo, figure):
    columns = "wide, official, both_wide, girls_wide, grandparent_official, foster_official, none_official"
    sums = ", ".join(f"SUM({name})" for name in columns.split(", "))
    row = demo.rows(
        f"SELECT {sums} FROM standing_cell WHERE level = 'township' AND side = 'school' AND ym <= 202506"
    )[0]
    names = ("wide", "official", "both", "girls", "grandparent", "fostered", "unguarded")
    assert row == tuple(figure[name] for name in names)
    village = "FROM standing_cell WHERE level = 'township' AND side = 'village' AND ym"
    assert demo.number(f"SELECT SUM(wide) {village} <= 202501") == figure["in January"]
    assert demo.number(f"SELECT SUM(wide) {village} <= 202506") == figure["residents"]
    assert demo.rows(f"SELECT SUM(joins_wide), SUM(leaves_wide) {village} = 202502")[0] == (
        figure["joins"], figure["leaves"],
    )  # fmt: skip


def test_flows_of_the_term_from_the_township_cells(demo, figure):
    term = "FROM standing_cell WHERE level = 'township' AND ym BETWEEN 202502 AND 202508 AND side ="
    assert demo.number(f"SELECT SUM(placed_official) {term} 'school'") == figure["placed"]
    assert demo.number(f"SELECT SUM(placed_official) {term} 'village'") == figure["placed"]
    assert demo.number(f"SELECT SUM(joins_wide) {term} 'village'") == figure["joins"]


def test_pupils_from_the_township_cells(demo, figure):
    sql = "SELECT SUM(pupils), SUM(kindergarten) FROM pupil_cell WHERE level = 'township' AND ym <= 202506"
    assert demo.rows(sql)[0] == (figure["pupils"], figure["kindergarten pupils"])


def test_visits_from_the_township_cells(demo, figure):
    sql = "SELECT SUM(home_visits) FROM visit_cell WHERE level = 'township' AND ym BETWEEN 202502 AND 202508"
    assert demo.number(sql) == figure["home visits"]


def test_children_reached_from_the_township_cells(demo, figure):
    reached = "SELECT SUM(children) FROM reach_cell WHERE level = 'township' AND measure ="
    assert demo.number(f"{reached} 'talk_teacher' AND period_kind = 'M'") == figure["talks"]
    assert demo.number(f"{reached} 'call_teacher' AND period_kind = 'M'") == figure["calls"]
    for measure in ("home", "home_teacher"):
        term = f"{reached} '{measure}' AND period_kind = 'T' AND period_no = 20242"
        assert demo.number(term) == figure["visited"]


def test_children_seen_at_home_by_township_of_their_school(demo):
    for measure in ("home", "home_teacher"):
        found = demo.table(
            "SELECT u.code, SUM(r.children) FROM reach_cell r JOIN unit u ON u.id = r.unit_id"
            f" WHERE r.level = 'township' AND r.measure = '{measure}' AND r.period_kind = 'T' GROUP BY u.code"
        )
        assert found == {town.code: town.visited for town in tables.towns() if town.code in found}


# ---- care -----------------------------------------------------------------------------------------

PRIORITY = {"full": {"priority": 761, "poor": 640}, "small": {"priority": 174, "poor": 146}}


def test_priority_children_are_those_in_hardship_and_those_for_other_reasons(demo):
    """H.1: 761 = 640 + 121; the reviews, the standings and the aid on file say the same."""
    wanted = PRIORITY[demo.profile]
    live = "r.since <= '2025-06-30' AND r.until > '2025-06-30'"
    assert (
        demo.number(f"SELECT COUNT(DISTINCT child_id) FROM priority_review r WHERE {live}")
        == wanted["priority"]
    )
    in_stock = f"SELECT COUNT(DISTINCT s.child_id) FROM standing s WHERE {LIVE} AND s.priority"
    assert demo.number(in_stock, day="2025-06-30") == wanted["priority"]
    poor = f"SELECT COUNT(*) FROM priority_review r WHERE {live} AND r.reasons = 'poor'"
    assert demo.number(poor) == wanted["poor"]
    assert demo.number("SELECT COUNT(*) FROM child WHERE aid_list LIKE '%subsistence%'") == wanted["poor"]


def test_every_child_without_a_guardian_has_an_alarm_and_two_wait_for_an_act(demo, figure):
    """H.7, rule V27: guardian none without a case."""
    alarms = demo.number("SELECT COUNT(*) FROM alarm WHERE closed_on IS NULL AND kind = 'no_guardian'")
    without = demo.number("SELECT COUNT(*) FROM guardianship WHERE kind = 'none' AND until > '2025-06-30'")
    assert alarms == without == figure["unguarded"]
    acted = demo.number("SELECT COUNT(DISTINCT alarm_id) FROM alarm_step")
    assert alarms - acted == 2
