"""Invitations, approvals, hand-over

Revision: 0005, after 0004.
"""

revision = "0005"
down_revision = "0004"


def upgrade():
    pass


def downgrade():
    pass
