"""A job can be asked to finish now and keep what it has."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "jobs", sa.Column("finish_requested", sa.Boolean(), nullable=False, server_default=sa.false())
    )
