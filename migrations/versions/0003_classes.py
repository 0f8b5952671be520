"""Classes as a wall for their teachers; sealed fields

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SCOPE = ["unit_id", "township_id", "county_id"]
CASCADING = {"onupdate": "CASCADE", "initially": "DEFERRED", "deferrable": True}


STAMPS = {
    "v_unit_id": "village_id",
    "v_town_id": "village_township_id",
    "s_unit_id": "school_id",
    "s_town_id": "school_township_id",
}


def _keep_stamps(batch_op):
    """SQLite copies the table: a generated column is made anew there, since it takes no copied value."""
    if op.get_bind().dialect.name == "sqlite":
        for stamp, fact in STAMPS.items():
            generated = sa.Computed(f"COALESCE({fact}, 0)", persisted=True)
            batch_op.drop_column(stamp)
            batch_op.add_column(sa.Column(stamp, sa.Integer(), generated, nullable=False))


def upgrade():
    with op.batch_alter_table("school_class") as batch_op:
        batch_op.create_unique_constraint("uq_school_class_scope", ["id", *SCOPE])

    op.create_table(
        "class_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_class_post_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["class_id", *SCOPE],
            ["school_class.id", *(f"school_class.{name}" for name in SCOPE)],
            name=op.f("fk_class_post_class_id_school_class"),
            **CASCADING,
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_class_post_membership_id_membership"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            SCOPE,
            ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_class_post_unit_id_unit"),
            **CASCADING,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_post")),
        sa.UniqueConstraint("public_id", name=op.f("uq_class_post_public_id")),
    )
    with op.batch_alter_table("class_post") as batch_op:
        batch_op.create_index("ix_class_post_class_id", ["class_id"])
        batch_op.create_index("ix_class_post_membership_id", ["membership_id", "since"])
        batch_op.create_index("ix_class_post_unit_id", ["unit_id"])

    with op.batch_alter_table("child") as batch_op:
        _keep_stamps(batch_op)
        batch_op.drop_column("health")
        batch_op.add_column(sa.Column("class_id", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_child_class_of_a_school"), "class_id IS NULL OR school_id IS NOT NULL"
        )
        batch_op.create_foreign_key(
            op.f("fk_child_class_id_school_class"),
            "school_class",
            ["class_id", "school_id", "school_township_id", "county_id"],
            ["id", *SCOPE],
            **CASCADING,
        )
        batch_op.create_index("ix_child_class", ["class_id", "name_key", "id"])


    _add_notes()


def _add_notes():
    """Health leaves the file's row for a sealed note. Its words cannot be sealed by SQL: they come again
    with the next roster, and nobody has any yet."""
    op.create_table(
        "child_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("from_roster", sa.Boolean(), nullable=False),
        sa.Column("summary_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("how_to_help_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        *(sa.Column(stamp, sa.Integer(), nullable=False) for stamp in (*STAMPS, "county_id")),
        sa.CheckConstraint("until >= since", name=op.f("ck_child_note_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["child_id", *STAMPS, "county_id"],
            ["child.id", *(f"child.{stamp}" for stamp in STAMPS), "child.county_id"],
            name=op.f("fk_child_note_child_id_child"),
            ondelete="CASCADE",
            **CASCADING,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_note")),
        sa.UniqueConstraint("public_id", name=op.f("uq_child_note_public_id")),
    )
    with op.batch_alter_table("child_note") as batch_op:
        batch_op.create_index("ix_child_note_child_id", ["child_id"])


def downgrade():
    op.drop_table("child_note")
    with op.batch_alter_table("child") as batch_op:
        _keep_stamps(batch_op)
        batch_op.drop_index("ix_child_class")
        batch_op.drop_constraint(op.f("fk_child_class_id_school_class"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_child_class_of_a_school"), type_="check")
        batch_op.drop_column("class_id")
        batch_op.add_column(sa.Column("health", sa.String(length=60), nullable=False, server_default=""))
    op.drop_table("class_post")
    with op.batch_alter_table("school_class") as batch_op:
        batch_op.drop_constraint("uq_school_class_scope", type_="unique")
