"""Accounts: credentials, lockout, second factor

Revision: 0002, after 0001. Everybody signs in anew afterwards.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

DEFERRED = {"onupdate": "CASCADE", "deferrable": True, "initially": "DEFERRED"}


def _owner(table, *, unique=False):
    key = sa.ForeignKeyConstraint(
        ["user_id"], ["user_account.id"], name=f"fk_{table}_user_id_user_account", ondelete="CASCADE"
    )
    return (key, sa.UniqueConstraint("user_id", name=f"uq_{table}_user_id")) if unique else (key,)


def upgrade():
    op.execute("DELETE FROM login_session")
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("phone_key", sa.String(24), nullable=False, server_default=""))
        batch.create_unique_constraint("uq_person_scope", ["id", "county_id"])
        batch.create_index("ix_person_phone_key", ["phone_key"])
    op.execute("UPDATE person SET phone_key = replace(replace(replace(phone, '-', ''), ' ', ''), '+86', '')")
    _create_credentials()
    with op.batch_alter_table("user_account") as batch:
        batch.add_column(sa.Column("county_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE user_account SET county_id = (SELECT county_id FROM person WHERE person.id = person_id), "
        "username = lower(username)"
    )
    with op.batch_alter_table("user_account") as batch:
        batch.alter_column("county_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("password_hash")
        batch.drop_constraint("fk_user_account_person_id_person", type_="foreignkey")
        batch.create_foreign_key(
            "fk_user_account_person_id_person",
            "person",
            ["person_id", "county_id"],
            ["id", "county_id"],
            **DEFERRED,
        )
    with op.batch_alter_table("login_session") as batch:
        batch.add_column(sa.Column("public_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(), nullable=False))
        batch.add_column(sa.Column("second_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("ended_by", sa.String(32), nullable=True))
        batch.create_unique_constraint("uq_login_session_public_id", ["public_id"])
    _create_throttles()


def _create_credentials():
    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(160), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("former_hashes", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_since", sa.DateTime(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credential"),
        *_owner("credential", unique=True),
    )
    op.execute(
        "INSERT INTO credential (user_id, password_hash, changed_at, must_change, former_hashes, "
        "totp_last_step) SELECT id, password_hash, created_at, false, '[]', 0 FROM user_account"
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        *_owner("recovery_code"),
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])
    op.create_table(
        "half_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("seed_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_half_session"),
        sa.UniqueConstraint("token_hash", name="uq_half_session_token_hash"),
        *_owner("half_session"),
    )
    op.create_index("ix_half_session_user_id", "half_session", ["user_id"])
    op.create_table(
        "held_form",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("held_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_held_form"),
        *_owner("held_form"),
    )


def _create_throttles():
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_key", sa.String(64), nullable=False),
        sa.Column("address_key", sa.String(64), nullable=False),
        sa.Column("password_key", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failure"),
    )
    for key in ("account", "address", "password"):
        op.create_index(f"ix_sign_in_failure_{key}", "sign_in_failure", [f"{key}_key", "at"])
    op.create_table(
        "throttle",
        sa.Column("account_key", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("locks", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("account_key", name="pk_throttle"),
    )


def downgrade():
    op.drop_table("throttle")
    op.drop_table("sign_in_failure")
    with op.batch_alter_table("login_session") as batch:
        batch.drop_constraint("uq_login_session_public_id", type_="unique")
        for name in ("ended_by", "second_at", "confirmed_at", "public_id"):
            batch.drop_column(name)
    with op.batch_alter_table("user_account") as batch:
        batch.add_column(sa.Column("password_hash", sa.String(160), nullable=True))
    op.execute(
        "UPDATE user_account SET password_hash = coalesce((SELECT password_hash FROM credential "
        "WHERE credential.user_id = user_account.id), '')"
    )
    with op.batch_alter_table("user_account") as batch:
        batch.alter_column("password_hash", existing_type=sa.String(160), nullable=False)
        batch.drop_constraint("fk_user_account_person_id_person", type_="foreignkey")
        batch.create_foreign_key("fk_user_account_person_id_person", "person", ["person_id"], ["id"])
        batch.drop_column("county_id")
    for name in ("held_form", "half_session", "recovery_code", "credential"):
        op.drop_table(name)
    with op.batch_alter_table("person") as batch:
        batch.drop_index("ix_person_phone_key")
        batch.drop_constraint("uq_person_scope", type_="unique")
        batch.drop_column("phone_key")
