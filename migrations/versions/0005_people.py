"""Invitations, approvals, hand-over: duties kept apart by keys, who granted what, one-time codes

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

DUTY_OF_ROLE = (
    "CASE WHEN role IN ('system_admin', 'security_admin', 'audit_admin') THEN role ELSE 'working' END"
)
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


def upgrade():
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("duty", sa.String(32), nullable=False, server_default="working"))
        batch.create_unique_constraint("uq_person_duty", ["id", "duty"])
    with op.batch_alter_table("user_account") as batch:
        batch.add_column(sa.Column("duty", sa.String(32), nullable=False, server_default="working"))
        batch.add_column(sa.Column("awaits_code", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("signed_in_at", sa.DateTime()))
        batch.create_unique_constraint("uq_user_account_duty", ["id", "duty"])
    _separate_the_administrators()
    with op.batch_alter_table("user_account") as batch:
        batch.create_foreign_key("fk_user_account_duty", "person", ["person_id", "duty"], ["id", "duty"])
    _keep_who_granted()
    op.create_table(
        "activation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("issued_by_id", sa.Integer()),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("resets_second", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime()),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_activation_user_id_user_account"),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user_account.id"], name="fk_activation_issued_by_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_activation"),
        sa.UniqueConstraint("code_hash", name="uq_activation_code_hash"),
    )
    op.create_index("ix_activation_user_id", "activation", ["user_id"])


def _separate_the_administrators():
    """An account that holds an administrator's role takes that duty, and so does its person."""
    for role in ADMINISTRATORS:
        holders = f"SELECT user_id FROM membership WHERE role = '{role}'"
        op.execute(f"UPDATE user_account SET duty = '{role}' WHERE id IN ({holders})")
        op.execute(
            f"UPDATE person SET duty = '{role}' "
            f"WHERE id IN (SELECT person_id FROM user_account WHERE duty = '{role}')"
        )


def _keep_who_granted():
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    with op.batch_alter_table("membership") as batch:
        if on_postgresql:  # on SQLite the table is written anew and the check goes with the old one
            batch.drop_constraint(op.f("ck_membership_ends_after_start"), type_="check")
        batch.create_check_constraint(op.f("ck_membership_ends_after_start"), "valid_until >= valid_from")
        for name in ("granted_by_id", "ended_by_id"):
            batch.add_column(sa.Column(name, sa.Integer()))
            batch.create_foreign_key(f"fk_membership_{name}_user_account", "user_account", [name], ["id"])
        batch.add_column(
            sa.Column("granted_at", sa.DateTime(), nullable=False, server_default="2000-01-01 00:00:00")
        )
        batch.add_column(sa.Column("awaits_second", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("end_reason", sa.String(200), nullable=False, server_default=""))
        batch.add_column(
            sa.Column("duty", sa.String(32), sa.Computed(DUTY_OF_ROLE, persisted=True), nullable=False)
        )
        batch.create_foreign_key("fk_membership_duty", "user_account", ["user_id", "duty"], ["id", "duty"])


def downgrade():
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.drop_table("activation")
    op.execute("DELETE FROM membership WHERE valid_until = valid_from")
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint("fk_membership_duty", type_="foreignkey")
        for name in ("granted_by_id", "ended_by_id"):
            batch.drop_constraint(f"fk_membership_{name}_user_account", type_="foreignkey")
            batch.drop_column(name)
        for name in ("duty", "granted_at", "awaits_second", "end_reason"):
            batch.drop_column(name)
        if on_postgresql:
            batch.drop_constraint(op.f("ck_membership_ends_after_start"), type_="check")
        batch.create_check_constraint(op.f("ck_membership_ends_after_start"), "valid_until > valid_from")
    with op.batch_alter_table("user_account") as batch:
        batch.drop_constraint("fk_user_account_duty", type_="foreignkey")
        batch.drop_constraint("uq_user_account_duty", type_="unique")
        for name in ("duty", "awaits_code", "signed_in_at"):
            batch.drop_column(name)
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint("uq_person_duty", type_="unique")
        batch.drop_column("duty")
