"""Who wrote a sensitive note; finding the lines of the audit that stand for removed ones

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

PRUNED = sa.text("action = 'audit:lines:prune'")


def upgrade():
    with op.batch_alter_table("child_note") as batch_op:
        batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("author_role", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("written_at", sa.DateTime(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_child_note_author_id_person"), "person", ["author_id"], ["id"])
    op.execute("UPDATE child_note SET written_at = (SELECT created_at FROM child WHERE child.id = child_note.child_id)")
    with op.batch_alter_table("child_note") as batch_op:
        batch_op.alter_column("written_at", existing_type=sa.DateTime(), nullable=False)
        batch_op.create_index("ix_child_note_author_id", ["author_id"])
    op.create_index(
        "ix_audit_entry_pruned", "audit_entry", ["county_id", "seq"],
        sqlite_where=PRUNED, postgresql_where=PRUNED,
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_audit_entry_pruned", "audit_entry")
    with op.batch_alter_table("child_note") as batch_op:
        batch_op.drop_index("ix_child_note_author_id")
        batch_op.drop_constraint(op.f("fk_child_note_author_id_person"), type_="foreignkey")
        batch_op.drop_column("written_at")
        batch_op.drop_column("author_role")
        batch_op.drop_column("author_id")
