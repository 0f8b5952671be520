"""Leadership groups and their posts, meetings and decisions, work plans and targets

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade():
    op.create_table(
        "leadership_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "leading",
                "working",
                "joint_conference",
                "proxy_parents",
                "parents",
                name="groupkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("document_no", sa.String(length=40), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column(
            "end_reason",
            sa.Enum("renewed", "dissolved", name="groupend", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until >= founded_on", name=op.f("ck_leadership_group_ends_after_founding")),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"],
            ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_leadership_group_unit_id_unit"),
            onupdate="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leadership_group")),
        sa.UniqueConstraint("public_id", name=op.f("uq_leadership_group_public_id")),
    )
    op.create_index("ix_leadership_group_town", "leadership_group", ["township_id", "kind"], unique=False)
    op.create_index("ix_leadership_group_unit_id", "leadership_group", ["unit_id"], unique=False)
    op.create_index(
        "uq_leadership_group_active", "leadership_group",
        ["county_id", "unit_id", "kind"],
        unique=True,
        sqlite_where=sa.text("until = '9999-12-31'"),
        postgresql_where=sa.text("until = '9999-12-31'"),
    )

    op.create_table(
        "work_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"],
            ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_work_plan_unit_id_unit"),
            onupdate="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan")),
        sa.UniqueConstraint(
            "county_id", "unit_id", "period", name=op.f("uq_work_plan_county_id_unit_id_period")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_plan_public_id")),
    )
    op.create_index("ix_work_plan_town", "work_plan", ["township_id", "period"], unique=False)
    op.create_index("ix_work_plan_unit_id", "work_plan", ["unit_id"], unique=False)

    op.create_table(
        "group_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("chair", sa.String(length=40), nullable=False),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["leadership_group.id"],
            name=op.f("fk_group_meeting_group_id_leadership_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_group_meeting_person_id_person")),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"],
            ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_group_meeting_unit_id_unit"),
            onupdate="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_meeting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_meeting_public_id")),
    )
    op.create_index(op.f("ix_group_meeting_group_id"), "group_meeting", ["group_id"], unique=False)
    op.create_index("ix_group_meeting_unit_id", "group_meeting", ["unit_id", "held_on"], unique=False)

    op.create_table(
        "member_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_member_unit_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["leadership_group.id"],
            name=op.f("fk_member_unit_group_id_leadership_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"],
            ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_member_unit_unit_id_unit"),
            onupdate="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_unit")),
        sa.UniqueConstraint(
            "county_id",
            "group_id",
            "name",
            "since",
            name=op.f("uq_member_unit_county_id_group_id_name_since"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_member_unit_public_id")),
    )
    op.create_index(op.f("ix_member_unit_group_id"), "member_unit", ["group_id"], unique=False)
    op.create_index("ix_member_unit_unit_id", "member_unit", ["unit_id"], unique=False)

    op.create_table(
        "work_plan_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "dropped", name="taskstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["work_plan.id"],
            name=op.f("fk_work_plan_item_plan_id_work_plan"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"],
            ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_work_plan_item_unit_id_unit"),
            onupdate="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_plan_item_public_id")),
    )
    op.create_index(op.f("ix_work_plan_item_plan_id"), "work_plan_item", ["plan_id"], unique=False)
    op.create_index("ix_work_plan_item_unit_id", "work_plan_item", ["unit_id", "state", "due_on"], unique=False)

    op.create_table(
        "work_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "dropped", name="taskstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["work_plan.id"], name=op.f("fk_work_target_plan_id_work_plan"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"],
            ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_work_target_unit_id_unit"),
            onupdate="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_target")),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_target_public_id")),
    )
    op.create_index(op.f("ix_work_target_plan_id"), "work_target", ["plan_id"], unique=False)
    op.create_index("ix_work_target_unit_id", "work_target", ["unit_id"], unique=False)

    op.create_table(
        "group_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "dropped", name="taskstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["group_meeting.id"],
            name=op.f("fk_group_decision_meeting_id_group_meeting"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"],
            ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_group_decision_unit_id_unit"),
            onupdate="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_decision_public_id")),
    )
    op.create_index(op.f("ix_group_decision_meeting_id"), "group_decision", ["meeting_id"], unique=False)
    op.create_index("ix_group_decision_unit_id", "group_decision", ["unit_id", "state", "due_on"], unique=False)

    op.create_table(
        "leadership_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "position",
            sa.Enum(
                "head",
                "first_deputy",
                "deputy",
                "member",
                "office_head",
                "liaison",
                name="position",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("member_unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("duty_areas", sa.String(length=160), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_leadership_post_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["leadership_group.id"],
            name=op.f("fk_leadership_post_group_id_leadership_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_unit_id"], ["member_unit.id"], name=op.f("fk_leadership_post_member_unit_id_member_unit")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_leadership_post_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"],
            ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_leadership_post_unit_id_unit"),
            onupdate="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leadership_post")),
        sa.UniqueConstraint("public_id", name=op.f("uq_leadership_post_public_id")),
    )
    op.create_index(op.f("ix_leadership_post_group_id"), "leadership_post", ["group_id"], unique=False)
    op.create_index(
        op.f("ix_leadership_post_member_unit_id"), "leadership_post", ["member_unit_id"], unique=False
    )
    op.create_index(op.f("ix_leadership_post_person_id"), "leadership_post", ["person_id"], unique=False)
    op.create_index("ix_leadership_post_unit_id", "leadership_post", ["unit_id"], unique=False)
    op.create_index(
        "uq_leadership_post_head", "leadership_post",
        ["county_id", "group_id"],
        unique=True,
        sqlite_where=sa.text("until = '9999-12-31' AND position = 'head'"),
        postgresql_where=sa.text("until = '9999-12-31' AND position = 'head'"),
    )


def downgrade():
    for table in (
        "leadership_post",
        "group_decision",
        "work_target",
        "work_plan_item",
        "member_unit",
        "group_meeting",
        "work_plan",
        "leadership_group",
    ):
        op.drop_table(table)
