"""The kind of a person, an account and a grant is called so: `duty` is a word of the field

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

KIND_OF_ROLE = "CASE WHEN role IN ('system_admin', 'security_admin', 'audit_admin') THEN role ELSE 'working' END"


def upgrade():
    _rename("duty", "account_kind")


def downgrade():
    _rename("account_kind", "duty")


def _rename(old, new):
    """Three tables, tied by two keys: the keys go first and come last. A generated column is made anew."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(f"fk_membership_{old}", type_="foreignkey")
        batch.drop_column(old)
        if on_sqlite:  # the table is written anew there, and checks are not carried over
            batch.create_check_constraint(op.f("ck_membership_ends_after_start"), "valid_until >= valid_from")
    with op.batch_alter_table("user_account") as batch:
        batch.drop_constraint(f"fk_user_account_{old}", type_="foreignkey")
        batch.drop_constraint(f"uq_user_account_{old}", type_="unique")
        batch.alter_column(old, new_column_name=new, existing_type=sa.String(32), existing_nullable=False)
    with op.batch_alter_table("user_account") as batch:
        batch.create_unique_constraint(f"uq_user_account_{new}", ["id", new])
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint(f"uq_person_{old}", type_="unique")
        batch.alter_column(old, new_column_name=new, existing_type=sa.String(32), existing_nullable=False)
    with op.batch_alter_table("person") as batch:
        batch.create_unique_constraint(f"uq_person_{new}", ["id", new])
    with op.batch_alter_table("user_account") as batch:
        batch.create_foreign_key(f"fk_user_account_{new}", "person", ["person_id", new], ["id", new])
    with op.batch_alter_table("membership") as batch:
        batch.add_column(
            sa.Column(new, sa.String(32), sa.Computed(KIND_OF_ROLE, persisted=True), nullable=False)
        )
        batch.create_foreign_key(f"fk_membership_{new}", "user_account", ["user_id", new], ["id", new])
        if on_sqlite:
            batch.create_check_constraint(op.f("ck_membership_ends_after_start"), "valid_until >= valid_from")
