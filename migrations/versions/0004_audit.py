"""The hash-chained audit: links with a number and a keyed hash, the head of each chain, who looked at whom

The lines of a test installation that were written before have no hash and are not carried over.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from portal.models import audit_triggers

revision = "0004"
down_revision = "0003"

CHILD = ["child_id", "v_unit_id", "v_town_id", "s_unit_id", "s_town_id", "county_id"]


def _scope(*names):
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]



def upgrade():
    op.drop_table("audit_entry")
    op.create_table(
        "audit_entry",
        *_scope("county_id"),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("from_unit_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        *_scope("unit_id", "township_id"),
        sa.PrimaryKeyConstraint("county_id", "seq", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_county", "audit_entry", ["county_id", "at", "seq"])
    op.create_index("ix_audit_entry_township", "audit_entry", ["township_id", "at", "seq"])
    op.create_index("ix_audit_entry_unit", "audit_entry", ["unit_id", "at", "seq"])
    op.create_index("ix_audit_entry_person", "audit_entry", ["person_id", "at"])
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "file_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        *_scope(*CHILD, "stat_unit_id", "stat_township_id", "stat_county_id"),
        sa.ForeignKeyConstraint(
            CHILD, [f"child.{'id' if name == 'child_id' else name}" for name in CHILD],
            name=op.f("fk_file_look_child_id_child"), onupdate="CASCADE", ondelete="CASCADE",
            initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_file_look_person_id_person")),
        sa.ForeignKeyConstraint(
            ["stat_unit_id", "stat_township_id", "stat_county_id"],
            ["unit.id", "unit.township_id", "unit.county_id"], name=op.f("fk_file_look_stat_unit_id_unit"),
            onupdate="CASCADE", initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_look")),
    )
    op.create_index("ix_file_look_child_id", "file_look", ["child_id"])
    op.create_index("ix_file_look_person", "file_look", ["person_id", "at"])
    op.create_index("ix_file_look_stat_unit", "file_look", ["stat_unit_id", "at"])


def downgrade():
    for statement in audit_triggers.uninstall(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("file_look")
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        *_scope("unit_id", "township_id", "county_id"),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"], ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_audit_entry_unit_id_unit"), onupdate="CASCADE", initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_audit_entry_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_unit_id", "audit_entry", ["unit_id", "at"])
