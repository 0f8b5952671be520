"""Copies for the family, gone after a day; when a card was printed stands in the log

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

STAMPS = ("v_unit_id", "v_town_id", "s_unit_id", "s_town_id", "county_id")


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


def downgrade():
    op.add_column("contact_card", sa.Column("printed_at", sa.DateTime(), nullable=True))
    op.drop_index("ix_child_copy_expires", table_name="child_copy")
    op.drop_index("ix_child_copy_child_id", table_name="child_copy")
    op.drop_table("child_copy")
