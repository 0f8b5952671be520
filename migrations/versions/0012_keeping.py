"""Copies for the family, gone after a day; an archived file hangs on no side; printing stands in the log

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

GENERATED = {
    "v_unit_id": "village_id",
    "v_town_id": "village_township_id",
    "s_unit_id": "school_id",
    "s_town_id": "school_township_id",
}
STAMPS = (*GENERATED, "county_id")


def upgrade():
    op.create_table(
        "child_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        *(sa.Column(stamp, sa.Integer(), nullable=False) for stamp in STAMPS),
        sa.ForeignKeyConstraint(
            ["child_id", *STAMPS], ["child.id", *(f"child.{stamp}" for stamp in STAMPS)],
            name=op.f("fk_child_copy_child_id_child"), onupdate="CASCADE", ondelete="CASCADE",
            initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_child_copy_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_copy")),
        sa.UniqueConstraint("public_id", name=op.f("uq_child_copy_public_id")),
    )  # fmt: skip
    op.create_index("ix_child_copy_child_id", "child_copy", ["child_id"])
    op.create_index("ix_child_copy_expires", "child_copy", ["expires_at"])
    op.drop_column("contact_card", "printed_at")
    _side("village_id IS NOT NULL OR school_id IS NOT NULL OR archived_on IS NOT NULL")


def _side(rule):
    with op.batch_alter_table("child") as batch_op:
        if op.get_bind().dialect.name == "sqlite":  # the table is copied: a generated column takes no value
            for stamp, fact in GENERATED.items():
                batch_op.drop_column(stamp)
                made = sa.Computed(f"COALESCE({fact}, 0)", persisted=True)
                batch_op.add_column(sa.Column(stamp, sa.Integer(), made, nullable=False))
        batch_op.drop_constraint(op.f("ck_child_has_a_side"), type_="check")
        batch_op.create_check_constraint(op.f("ck_child_has_a_side"), rule)


def downgrade():
    _side("village_id IS NOT NULL OR school_id IS NOT NULL")
    op.add_column("contact_card", sa.Column("printed_at", sa.DateTime(), nullable=True))
    op.drop_index("ix_child_copy_expires", table_name="child_copy")
    op.drop_index("ix_child_copy_child_id", table_name="child_copy")
    op.drop_table("child_copy")
