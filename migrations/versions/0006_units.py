"""The tree over time: what units were before, the acts upon them, placements carried over by a merge

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

UNIT_KEY = (["unit_id", "township_id", "county_id"], ["unit.id", "unit.township_id", "unit.county_id"])
CASCADING = {"onupdate": "CASCADE", "deferrable": True, "initially": "DEFERRED"}


def _term(name, *, nullable=False):
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def upgrade():
    op.create_table(
        "unit_spell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.CheckConstraint("until > since", name=op.f("ck_unit_spell_ends_after_start")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_spell_parent_id_unit")),
        sa.ForeignKeyConstraint(*UNIT_KEY, name=op.f("fk_unit_spell_unit_id_unit"), **CASCADING),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_spell")),
        sa.UniqueConstraint("county_id", "unit_id", "since", name=op.f("uq_unit_spell_county_id_unit_id_since")),
    )
    op.create_index("ix_unit_spell_until", "unit_spell", ["county_id", "until"])
    op.create_index("ix_unit_spell_code", "unit_spell", ["county_id", "code"])
    op.create_table(
        "unit_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        _term("kind"),
        _term("state"),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(length=120), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=True),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"],
                                name=op.f("fk_unit_change_membership_id_membership")),
        sa.ForeignKeyConstraint(["other_id"], ["unit.id"], name=op.f("fk_unit_change_other_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unit_change_person_id_person")),
        sa.ForeignKeyConstraint(*UNIT_KEY, name=op.f("fk_unit_change_unit_id_unit"), **CASCADING),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_change_public_id")),
    )  # fmt: skip
    op.create_index("ix_unit_change_unit", "unit_change", ["county_id", "unit_id"])
    op.create_index("ix_unit_change_state", "unit_change", ["state", "effective_on"])
    op.create_index(op.f("ix_unit_change_other_id"), "unit_change", ["other_id"])
    op.add_column(
        "placement", sa.Column("carried", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade():
    with op.batch_alter_table("placement") as batch:
        batch.drop_column("carried")
    op.drop_table("unit_change")
    op.drop_table("unit_spell")
