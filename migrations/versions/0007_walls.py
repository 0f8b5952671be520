"""Database walls

Revision: 0007, after 0006.
"""

revision = "0007"
down_revision = "0006"


def upgrade():
    pass


def downgrade():
    pass
