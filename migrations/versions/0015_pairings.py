"""Pairings of every kind: plan, reason, limits by kind, a second yes; pupils who help each other

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

STAMPS = ("v_unit_id", "v_town_id", "s_unit_id", "s_town_id", "county_id")
CASCADING = {"onupdate": "CASCADE", "initially": "DEFERRED", "deferrable": True}
LIMITS = {"pairs_teacher": "3", "pairs_tutor": "5", "pairs_cadre": "2", "pairs_other": "3"}
KINDS = ("volunteer", "proxy_parent", "caring_mother", "five_elders", "teacher", "tutor", "mentor", "cadre",
         "party_member", "enterprise")  # fmt: skip


def term(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def words(name, length, **options):
    return sa.Column(name, sa.String(length=length), nullable=False, **options)


def day(name, nullable=False):
    return sa.Column(name, sa.Date(), nullable=nullable)


def key(table, column, other, **options):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), **options)


def identified(table):
    return [
        number("id"),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def about_child(table):
    return [
        number("child_id"),
        *(number(stamp) for stamp in STAMPS),
        sa.ForeignKeyConstraint(
            ["child_id", *STAMPS], ["child.id", *(f"child.{stamp}" for stamp in STAMPS)],
            name=op.f(f"fk_{table}_child_id_child"), ondelete="CASCADE", **CASCADING,
        ),
    ]  # fmt: skip


def of_unit(table, *columns):
    return [
        *(number(column) for column in columns),
        sa.ForeignKeyConstraint(
            list(columns), ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f(f"fk_{table}_{columns[0]}_unit"), **CASCADING,
        ),
    ]  # fmt: skip


def planned():
    """What both a pairing and its proposal say of the plan."""
    return [
        sa.Column("reason", term("pairingreason", "priority", "poverty", "study", "behavior", "mind", "general")),
        sa.Column("helper_rank", term("helperrank", "county", "section", "unit", "staff")),
        sa.Column("local_label", term("locallabel", "proxy_mother", "standby_mother", "deputy_mother",
                                      "caring_father", "caring_parent")),
        sa.Column("package", term("dutypackage", "five_ones", "three_ones", "three_threes", "know_and_meet")),
        words("goals", 300, server_default=""),
        words("times", 200, server_default=""),
        words("content", 300, server_default=""),
        words("beyond", 200, server_default=""),
        number("follows_id", nullable=True),
    ]  # fmt: skip


def upgrade():
    op.create_table(
        "pairing_proposal",
        *identified("pairing_proposal"),
        sa.Column("state", term("pairingstate", "open", "agreed", "refused", "withdrawn"), nullable=False),
        number("decided_by_id", nullable=True),
        day("answered_on", nullable=True),
        words("answer", 200),
        sa.Column("kind", term("pairingkind", *KINDS), nullable=False),
        day("starts_on"),
        day("ends_on"),
        *planned(),
        words("note", 200),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        number("helper_id"),
        number("created_by_id", nullable=True),
        *about_child("pairing_proposal"),
        *of_unit("pairing_proposal", "stat_unit_id", "stat_township_id", "stat_county_id"),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_pairing_proposal_ends_after_start")),
        key("pairing_proposal", "decided_by_id", "user_account"),
        key("pairing_proposal", "created_by_id", "user_account"),
        key("pairing_proposal", "follows_id", "pairing"),
        key("pairing_proposal", "helper_id", "person"),
    )
    op.create_index("ix_pairing_proposal_child_id", "pairing_proposal", ["child_id"])
    op.create_index("ix_pairing_proposal_helper", "pairing_proposal", ["helper_id"])
    op.create_index("ix_pairing_proposal_stat_unit", "pairing_proposal", ["stat_unit_id", "state"])
    op.create_table(
        "pairing_review",
        number("id"),
        number("pairing_id"),
        day("made_on"),
        words("effect", 300),
        number("person_id"),
        *about_child("pairing_review"),
        key("pairing_review", "pairing_id", "pairing", ondelete="CASCADE"),
        key("pairing_review", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_review")),
    )
    op.create_index("ix_pairing_review_child_id", "pairing_review", ["child_id"])
    op.create_index(op.f("ix_pairing_review_pairing_id"), "pairing_review", ["pairing_id"])
    op.create_table(
        "peer_buddy",
        *identified("peer_buddy"),
        sa.Column("kind", term("buddykind", "little_teacher", "study_helper", "friends", "group"), nullable=False),
        number("buddy_id", nullable=True),
        words("buddy_name", 40),
        words("task", 100),
        day("starts_on"),
        day("ends_on"),
        number("person_id"),
        *about_child("peer_buddy"),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_peer_buddy_ends_after_start")),
        key("peer_buddy", "buddy_id", "child", ondelete="CASCADE"),
        key("peer_buddy", "person_id", "person"),
    )  # fmt: skip
    op.create_index("ix_peer_buddy_buddy_id", "peer_buddy", ["buddy_id"])
    op.create_index("ix_peer_buddy_child_id", "peer_buddy", ["child_id"])
    op.create_table(
        "class_care_rep",
        *identified("class_care_rep"),
        number("class_id"),
        words("pupil", 40),
        words("duty", 100),
        day("since"),
        day("until"),
        *of_unit("class_care_rep", "unit_id", "township_id", "county_id"),
        sa.CheckConstraint("until >= since", name=op.f("ck_class_care_rep_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["class_id", "unit_id", "township_id", "county_id"],
            [f"school_class.{one}" for one in ("id", "unit_id", "township_id", "county_id")],
            name=op.f("fk_class_care_rep_class_id_school_class"), **CASCADING,
        ),
    )  # fmt: skip
    op.create_index("ix_class_care_rep_class_id", "class_care_rep", ["class_id"])
    op.create_index("ix_class_care_rep_unit_id", "class_care_rep", ["unit_id"])
    with op.batch_alter_table("county_rules") as batch_op:
        for name, limit in LIMITS.items():
            batch_op.add_column(sa.Column(name, sa.Integer(), server_default=limit, nullable=False))
    with op.batch_alter_table("pairing") as batch_op:
        batch_op.add_column(number("approved_by_id", nullable=True))
        for name in ("knows_child_on", "knows_guardian_on", "knows_parents_on"):
            batch_op.add_column(day(name, nullable=True))
        for column in planned():
            batch_op.add_column(column)
        batch_op.create_foreign_key(op.f("fk_pairing_approved_by_id_user_account"), "user_account",
                                    ["approved_by_id"], ["id"])  # fmt: skip
        batch_op.create_foreign_key(op.f("fk_pairing_follows_id_pairing"), "pairing", ["follows_id"], ["id"])


def downgrade():
    with op.batch_alter_table("pairing") as batch_op:
        batch_op.drop_constraint(op.f("fk_pairing_follows_id_pairing"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_pairing_approved_by_id_user_account"), type_="foreignkey")
        for column in reversed(planned()):
            batch_op.drop_column(column.name)
        for name in ("knows_parents_on", "knows_guardian_on", "knows_child_on", "approved_by_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("county_rules") as batch_op:
        for name in reversed(LIMITS):
            batch_op.drop_column(name)
    for table in ("class_care_rep", "peer_buddy", "pairing_review", "pairing_proposal"):
        op.drop_table(table)
