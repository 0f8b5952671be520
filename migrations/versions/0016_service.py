"""Services of volunteers confirmed by a second person; applications from the public form

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

CATEGORIES = ("five_elders", "teacher", "cadre", "women", "student", "western", "citizen", "professional")


def upgrade():
    op.create_table(
        "volunteer_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=24), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("category", sa.Enum(*CATEGORIES, name="volunteercategory", native_enum=False, length=32), nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.Column("skills", sa.String(length=160), server_default="", nullable=False),
        sa.Column("slots", sa.String(length=160), server_default="", nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Enum("open", "taken", "declined", name="applicationstate", native_enum=False, length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id", "township_id", "county_id"], ["unit.id", "unit.township_id", "unit.county_id"],
            name=op.f("fk_volunteer_application_unit_id_unit"), onupdate="CASCADE", initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_application")),
        sa.UniqueConstraint("public_id", name=op.f("uq_volunteer_application_public_id")),
    )  # fmt: skip
    op.create_index("ix_volunteer_application_origin", "volunteer_application", ["origin", "created_at"])
    op.create_index("ix_volunteer_application_unit_id", "volunteer_application", ["unit_id", "state"])
    with op.batch_alter_table("visit") as batch_op:
        batch_op.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_visit_confirmed_by_id_user_account"), "user_account",
                                    ["confirmed_by_id"], ["id"])  # fmt: skip


def downgrade():
    with op.batch_alter_table("visit") as batch_op:
        batch_op.drop_constraint(op.f("fk_visit_confirmed_by_id_user_account"), type_="foreignkey")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("confirmed_by_id")
    op.drop_table("volunteer_application")
