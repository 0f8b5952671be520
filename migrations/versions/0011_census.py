"""Children found in a census without a file yet; the census of a line

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

OF_THE_LIST = sa.text(
    "UPDATE census_line SET census_id = (SELECT census_id FROM census_list WHERE id = census_line.list_id)"
)


def upgrade():
    op.add_column("census_list", sa.Column("found_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("census_list", sa.Column("found_sealed", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("census_line") as batch_op:
        batch_op.add_column(sa.Column("census_id", sa.Integer(), nullable=True))
    op.execute(OF_THE_LIST)
    with op.batch_alter_table("census_line") as batch_op:
        batch_op.alter_column("census_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            op.f("fk_census_line_census_id_census"), "census", ["census_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index("ix_census_line_census", ["census_id", "side", "child_id"])


def downgrade():
    with op.batch_alter_table("census_line") as batch_op:
        batch_op.drop_index("ix_census_line_census")
        batch_op.drop_constraint(op.f("fk_census_line_census_id_census"), type_="foreignkey")
        batch_op.drop_column("census_id")
    op.drop_column("census_list", "found_sealed")
    op.drop_column("census_list", "found_count")
