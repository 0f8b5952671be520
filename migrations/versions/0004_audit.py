"""The hash-chained audit

Revision: 0004, after 0003.
"""

revision = "0004"
down_revision = "0003"


def upgrade():
    pass


def downgrade():
    pass
