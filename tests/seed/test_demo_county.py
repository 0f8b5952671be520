"""What else the demo county must hold: planted faults, people, logins, valid numbers, the same data again."""

from __future__ import annotations

import json
import shutil
import uuid
from pathlib import Path

import pytest

from portal.cli.seed import DEMO_PASSWORD
from portal.services.accounts.demo import demo_seed, find_demo_code
from portal.services.accounts.sessions import find_signed_in
from portal.services.accounts.sign_in import Next, second_step, sign_in
from portal.services.registers.identity import born_on, find_fault, sex_of
from portal.tenancy.keys import keyring
from tests.conftest import SECRET, make_app
from tests.seed.counting import Demo, load

# ---- children and their files ---------------------------------------------------------------------


def test_id_numbers_are_valid_unique_and_sealed(small):
    keyring.init(SECRET)
    rows = small.rows("SELECT public_id, county_id, sex, birth_date, id_no_sealed, id_no_index FROM child")
    for public_id, county, sex, born, sealed, index in rows:
        place = f"child.id_no|{uuid.UUID(public_id)}"
        number = keyring.unseal(sealed, county_id=county, place=place).decode()
        assert find_fault(number) is None
        assert (number[:6], str(born_on(number)), sex_of(number)) == ("999901", born, sex)
        assert "900" <= number[14:17] <= "999"
        assert keyring.index(number, county_id=county) == index


def test_everybody_of_the_stock_is_under_sixteen_and_one_turns_sixteen_next_month(demo):
    stock = (
        "SELECT COUNT(DISTINCT c.id) FROM child c JOIN standing s ON s.child_id = c.id"
        " WHERE s.starts_on <= '2025-06-30' AND s.ends_on > '2025-06-30' AND c.birth_date"
    )
    assert demo.number(f"{stock} <= '2009-06-30'") == 0
    assert demo.number(f"{stock} BETWEEN '2009-07-01' AND '2009-07-31'") == 1
    turned = "SELECT COUNT(*) FROM child WHERE birth_date BETWEEN '2009-03-01' AND '2009-06-30'"
    assert demo.number(turned) == 0


def test_leavers_by_reason(full):
    back = "SELECT COUNT(*) FROM absence WHERE until BETWEEN '2025-02-17' AND '2025-02-28'"
    moved = f"{back.replace('absence', 'placement')} AND side = 'village'"
    sixteen = "SELECT COUNT(*) FROM child WHERE birth_date BETWEEN '2009-02-17' AND '2009-02-28'"
    assert [full.number(sql) for sql in (back, sixteen, moved)] == [61, 48, 27]
    assert full.number("SELECT COUNT(*) FROM child") == 4_780 + 136


def test_joiners_live_in_every_township_and_do_not_move_the_official_figures(full):
    towns = full.rows(
        "SELECT DISTINCT stat_township_id FROM standing WHERE side = 'village' AND joins_wide"
        " AND starts_on BETWEEN '2025-02-17' AND '2025-02-28'"
    )
    assert len(towns) == 7
    assert (
        full.number("SELECT COUNT(*) FROM standing WHERE joins_official AND starts_on >= '2025-01-01'") == 0
    )


def test_one_child_stands_in_two_registers(full):
    same = (
        "SELECT c.name, c.birth_date, g.phone, COUNT(DISTINCT c.id) FROM child c"
        " JOIN guardianship g ON g.child_id = c.id GROUP BY c.name, c.birth_date, g.phone"
        " HAVING COUNT(DISTINCT c.id) > 1"
    )
    (twice,) = full.rows(same)
    assert twice[3] == 2
    sides = full.rows(
        "SELECT t.code, v.code FROM child c JOIN unit t ON t.id = c.school_township_id"
        " JOIN unit v ON v.id = c.village_township_id WHERE c.name = :name"
        " AND c.birth_date = :born ORDER BY 1",
        name=twice[0],
        born=twice[1],
    )
    assert sides == [("999901001", "999901001"), ("999901003", "999901003")]


def test_a_child_has_no_second_name_twin_by_chance(demo):
    twins = "SELECT name, birth_date FROM child GROUP BY name, birth_date HAVING COUNT(*) > 1"
    assert len(demo.rows(twins)) == (1 if demo.profile == "full" else 0)


def test_phones_and_work_places_belong_to_nobody(small):
    for table in ("person", "parent", "guardianship"):
        phones = small.rows(f"SELECT DISTINCT phone FROM {table} WHERE phone <> ''")
        assert all(phone.startswith("100-0000-") and len(phone) == 13 for (phone,) in phones)
    inside = small.rows("SELECT DISTINCT work_place FROM absence WHERE inside_county")
    assert inside == [("本县县城",)]


def test_a_class_holds_no_more_children_than_pupils(demo):
    over = (
        "SELECT COUNT(*) FROM (SELECT k.id FROM school_class k JOIN child c ON c.school_id = k.unit_id"
        " AND c.class_name = k.name JOIN standing s ON s.child_id = c.id AND s.side = 'school'"
        " AND s.starts_on <= '2025-06-30' AND s.ends_on > '2025-06-30'"
        " GROUP BY k.id, k.pupils HAVING COUNT(*) > k.pupils) AS full_classes"
    )
    assert demo.number(over) == 0


# ---- planted faults of records and volunteers -----------------------------------------------------


def test_talks_of_one_minute_and_one_text_at_one_school(full):
    (found,) = full.rows(
        "SELECT u.code, COUNT(*), COUNT(DISTINCT v.note), COUNT(DISTINCT v.person_id) FROM visit v"
        " JOIN unit u ON u.id = v.stat_unit_id WHERE v.kind = 'talk'"
        " GROUP BY u.code, v.person_id, strftime('%Y-%m-%d %H:%M', v.logged_at) HAVING COUNT(*) > 20"
    )
    assert found == ("999901-S03", 24, 1, 1)


def test_one_helper_of_jingu_has_six_children_and_nobody_else_more_than_three(demo):
    loads = demo.rows(
        "SELECT t.code, COUNT(*) FROM pairing p JOIN person h ON h.id = p.helper_id"
        " LEFT JOIN unit t ON t.id = h.township_id GROUP BY t.code, h.id HAVING COUNT(*) > 3"
    )
    assert loads == ([("999901005", 6)] if demo.profile == "full" else [])
    cadres = "SELECT COUNT(*) FROM pairing WHERE kind = 'cadre' GROUP BY helper_id"
    assert max(row[0] for row in demo.rows(cadres)) == 2


def test_volunteers_wrote_after_their_check_had_expired(demo):
    after = (
        "SELECT COUNT(*), COUNT(DISTINCT o.id) FROM visit v JOIN volunteer o ON o.person_id = v.person_id"
        " WHERE v.role = 'volunteer' AND v.happened_on >= o.vetted_until AND v.kind = 'letter'"
    )
    expected = 3 if demo.profile == "full" else 1
    assert demo.rows(after) == [(expected, expected)]
    home = after.replace("'letter'", "'home_visit'")
    assert demo.rows(home) == [(0, 0)]


def test_who_waits_for_the_check_has_no_child(demo):
    paired = (
        "SELECT COUNT(*) FROM pairing p JOIN volunteer v ON v.person_id = p.helper_id"
        " WHERE v.vetted_until IS NULL AND p.kind <> 'teacher'"
    )
    assert demo.number(paired) == 0


# ---- people and logins ----------------------------------------------------------------------------

PAIRED = (
    "SELECT a.username, COUNT(*) FROM pairing p JOIN user_account a ON a.person_id = p.helper_id"
    " WHERE a.username IN ('vol01', 'vol02', 'vol03', 'proxy01', 'cadre01', 'town_t2') GROUP BY a.username"
)


def test_helpers_with_an_account_have_two_children(full, small):
    assert full.table(PAIRED) == dict.fromkeys(
        ("vol01", "vol02", "vol03", "proxy01", "cadre01", "town_t2"), 2
    )
    assert small.table(PAIRED) == dict.fromkeys(("vol02", "proxy01", "cadre01"), 2)


def test_the_two_children_of_vol02_live_and_learn_in_bailing(demo):
    rows = demo.rows(
        "SELECT s.code, t.code FROM pairing p JOIN user_account a ON a.person_id = p.helper_id"
        " JOIN child c ON c.id = p.child_id JOIN unit s ON s.id = c.school_id"
        " JOIN unit t ON t.id = c.village_township_id WHERE a.username = 'vol02'"
    )
    assert rows == [("999901-S09", "999901004")] * 2


def logins(demo: Demo) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for name, role, code in demo.rows(
        "SELECT a.username, m.role, u.code FROM membership m JOIN user_account a ON a.id = m.user_id"
        " JOIN unit u ON u.id = m.unit_id"
    ):
        found.setdefault(name, set()).add((role, code))
    return found


def test_every_school_and_village_has_its_login(demo):
    found = logins(demo)
    schools = [row[0] for row in demo.rows("SELECT code FROM unit WHERE kind = 'school'")]
    for code in schools:
        assert found[f"coord_{code.split('-')[1].lower()}"] == {("school_coordinator", code)}
    for (code,) in demo.rows("SELECT code FROM unit WHERE kind = 'village'"):
        assert found[f"vd_{code}"] == {("child_director", code)}


def test_all_sixteen_roles_have_a_login(full):
    from portal.tenancy.roles import Role

    assert {role for acts in logins(full).values() for role, _ in acts} == {role.value for role in Role}


def test_two_accounts_of_one_director_and_two_roles_of_one_account(full):
    same = "SELECT person_id FROM user_account WHERE username IN ('vd_hongyan', 'vd_999901002005')"
    assert len({row[0] for row in full.rows(same)}) == 1
    assert logins(full)["town_t2"] == {
        ("township_coordinator", "999901002"), ("volunteer", "999901002"),
    }  # fmt: skip


def test_volunteers_with_an_account_are_active_and_checked(demo):
    locked_out = (
        "SELECT COUNT(*) FROM membership m JOIN user_account a ON a.id = m.user_id"
        " LEFT JOIN volunteer v ON v.person_id = a.person_id AND v.status = 'active'"
        " AND v.vetted_until > '2025-06-30' WHERE m.role = 'volunteer' AND v.id IS NULL"
    )
    assert demo.number(locked_out) == 0


@pytest.mark.parametrize("login", ["county01", "town_t4", "coord_s09", "teacher_s10", "vd_gaoping", "vol02"])
def test_the_demo_password_opens_every_door(small, login, tmp_path):
    copy = shutil.copy(small.engine.url.database, tmp_path / "signed-in.sqlite")
    with make_app(f"sqlite:///{copy}").app_context():
        step = sign_in(login, DEMO_PASSWORD)
        if step.next is Next.CODE:
            step = second_step(step.token, find_demo_code(login))
        assert find_signed_in(step.token).actor.username == login


# ---- the commands ---------------------------------------------------------------------------------


def test_a_second_load_is_refused_in_a_sentence(small):
    result = make_app(str(small.engine.url)).test_cli_runner().invoke(args=["seed", "demo"])
    assert result.exit_code == 1
    assert "already" in result.output


def test_logins_are_printed_as_a_table_and_as_json(small):
    runner = make_app(str(small.engine.url)).test_cli_runner()
    table = runner.invoke(args=["seed", "logins"]).output
    assert table.splitlines()[0].split() == ["账号", "姓名", "角色", "单位", "动态码密钥"]
    assert DEMO_PASSWORD in table
    document = json.loads(runner.invoke(args=["seed", "logins", "--format", "json"]).output)
    first = document["logins"][0]
    assert (first["login"], first["name"], first["role"]) == ("county01", "邹鹤鸣", "committee_office")
    assert document["password"] == DEMO_PASSWORD
    assert first["totp"] == demo_seed("county01")
    assert {row["totp"] for row in document["logins"] if row["login"] == "coord_s09"} == {""}


def test_an_empty_database_has_no_logins_to_print(new_url):
    result = make_app(new_url("sqlite")).test_cli_runner().invoke(args=["seed", "logins"])
    assert result.exit_code == 1


def test_a_load_leaves_one_self_contained_file(new_url):
    url = new_url("sqlite")
    load(url, "small")
    folder = Path(url.removeprefix("sqlite:///")).parent
    assert [path.name for path in folder.iterdir()] == ["demo.sqlite"]


RANDOM = {"at", "hash", "password_hash"}
"""Salts and the real time of audit lines: beside the nonces of what is sealed all that may differ."""


def test_two_loads_give_the_same_data(small, new_url):
    url = new_url("sqlite")
    load(url, "small")
    again = Demo("small", url)
    tables = [r[0] for r in small.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for table in tables:
        named = [r[1] for r in small.rows(f"PRAGMA table_info({table})")]
        columns = [name for name in named if name not in RANDOM and not name.endswith("_sealed")]
        sql = f"SELECT {', '.join(columns)} FROM {table}"
        assert sorted(small.rows(sql), key=repr) == sorted(again.rows(sql), key=repr), table
    again.engine.dispose()


def test_the_clock_does_not_matter(new_url, monkeypatch):
    monkeypatch.setenv("PORTAL_TODAY", "2031-01-01")
    url = new_url("sqlite")
    load(url, "small")
    later = Demo("small", url)
    assert later.residents() == 1_092
    newest = later.rows("SELECT MAX(logged_at), (SELECT MAX(created_at) FROM user_account) FROM visit")[0]
    assert max(str(at) for at in newest) < "2025-07"
    later.engine.dispose()
