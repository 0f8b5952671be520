"""Leadership groups and their posts, meetings and decisions, work plans and targets

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

TABLES = ("group_decision", "work_target", "work_plan_item", "leadership_post", "group_meeting", "member_unit",
          "work_plan", "leadership_group")  # fmt: skip
ACTIVE = sa.text("until = '9999-12-31'")
ONE_HEAD = sa.text("until = '9999-12-31' AND position = 'head'")


def _term(name, kind, *values, nullable=False):
    return sa.Column(name, sa.Enum(*values, name=kind, native_enum=False, length=32), nullable=nullable)


def _text(name, length, **more):
    return sa.Column(name, sa.String(length=length), nullable=False, **more)


def _day(name, nullable=False):
    return sa.Column(name, sa.Date(), nullable=nullable)


def _key(table, column, target, nullable=False, **more):
    """A column that names a row of another table, and its key."""
    name = op.f(f"fk_{table}_{column}_{target}")
    return (
        sa.Column(column, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, **more),
    )


def _task():
    """What a decision, an item of a plan and a target share."""
    state = _term("state", "taskstate", "open", "done", "dropped")
    return _text("what", 200), _text("owner", 40), _day("due_on"), state, _text("result", 200), _day("settled_on", True)


def _of_a_unit(table, *columns):
    """A table whose rows belong to one unit."""
    scope = ("unit_id", "township_id", "county_id")
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        *columns,
        *(sa.Column(name, sa.Integer(), nullable=False) for name in scope),
        sa.ForeignKeyConstraint(
            [*scope], ["unit.id", "unit.township_id", "unit.county_id"], name=op.f(f"fk_{table}_unit_id_unit"),
            onupdate="CASCADE", initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )  # fmt: skip


def _index(table, name, *columns, **more):
    op.create_index(f"ix_{table}_{name}" if not more else f"uq_{table}_{name}", table, [*columns], **more)


def upgrade():
    kinds = ("leading", "working", "joint_conference", "proxy_parents", "parents")
    _of_a_unit(
        "leadership_group",
        _term("kind", "groupkind", *kinds), _text("name", 80), _text("document_no", 40),
        _day("founded_on"), _day("until"), _term("end_reason", "groupend", "renewed", "dissolved", nullable=True),
        sa.CheckConstraint("until >= founded_on", name=op.f("ck_leadership_group_ends_after_founding")),
    )  # fmt: skip
    _index("leadership_group", "unit_id", "unit_id")
    _index("leadership_group", "town", "township_id", "kind")
    _index("leadership_group", "active", "county_id", "unit_id", "kind",
           unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE)  # fmt: skip
    _of_a_unit(
        "member_unit",
        *_key("member_unit", "group_id", "leadership_group", ondelete="CASCADE"),
        _text("name", 60), _day("since"), _day("until"),
        sa.CheckConstraint("until >= since", name=op.f("ck_member_unit_ends_after_start")),
        sa.UniqueConstraint("county_id", "group_id", "name", "since",
                            name=op.f("uq_member_unit_county_id_group_id_name_since")),
    )  # fmt: skip
    _index("member_unit", "unit_id", "unit_id")
    _index("member_unit", "group_id", "group_id")
    _of_a_unit(
        "leadership_post",
        *_key("leadership_post", "group_id", "leadership_group", ondelete="CASCADE"),
        _term("position", "position", "head", "first_deputy", "deputy", "member", "office_head", "liaison"),
        _text("name", 40), _text("title", 80), _text("phone", 30),
        *_key("leadership_post", "member_unit_id", "member_unit", nullable=True),
        *_key("leadership_post", "person_id", "person", nullable=True),
        _text("duty_areas", 160, server_default=""), _day("since"), _day("until"),
        sa.CheckConstraint("until >= since", name=op.f("ck_leadership_post_ends_after_start")),
    )  # fmt: skip
    for column in ("unit_id", "group_id", "member_unit_id", "person_id"):
        _index("leadership_post", column, column)
    _index("leadership_post", "head", "county_id", "group_id",
           unique=True, sqlite_where=ONE_HEAD, postgresql_where=ONE_HEAD)  # fmt: skip
    _of_a_unit(
        "group_meeting",
        *_key("group_meeting", "group_id", "leadership_group", ondelete="CASCADE"),
        _day("held_on"), _text("topic", 120), _text("place", 60), _text("chair", 40),
        sa.Column("present", sa.Integer(), nullable=True), sa.Column("minutes", sa.Text(), nullable=False),
        *_key("group_meeting", "person_id", "person"), sa.Column("written_at", sa.DateTime(), nullable=False),
    )  # fmt: skip
    _index("group_meeting", "unit_id", "unit_id", "held_on")
    _index("group_meeting", "group_id", "group_id")
    _of_a_unit(
        "group_decision", *_key("group_decision", "meeting_id", "group_meeting", ondelete="CASCADE"), *_task()
    )
    _index("group_decision", "unit_id", "unit_id", "state", "due_on")
    _index("group_decision", "meeting_id", "meeting_id")
    _of_a_unit(
        "work_plan",
        _text("period", 16), _text("title", 80), sa.Column("goals", sa.Text(), nullable=False), _day("filed_on", True),
        sa.UniqueConstraint("county_id", "unit_id", "period", name=op.f("uq_work_plan_county_id_unit_id_period")),
    )  # fmt: skip
    _index("work_plan", "unit_id", "unit_id")
    _index("work_plan", "town", "township_id", "period")
    for table, more in (
        ("work_plan_item", ()),
        ("work_target", (_text("indicator", 32), sa.Column("value", sa.Double(), nullable=True))),
    ):
        _of_a_unit(table, *_key(table, "plan_id", "work_plan", ondelete="CASCADE"), *more, *_task())
        _index(table, "plan_id", "plan_id")
    _index("work_plan_item", "unit_id", "unit_id", "state", "due_on")
    _index("work_target", "unit_id", "unit_id")


def downgrade():
    for table in TABLES:
        op.drop_table(table)
