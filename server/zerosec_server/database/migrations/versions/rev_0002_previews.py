"""Previews: runs and jobs that answer a form, stand in no list and go soon."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for table in ("runs", "jobs"):
        op.add_column(table, sa.Column("preview", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_jobs_previews",
        "jobs",
        ["status", "ended_at"],
        sqlite_where=sa.text("preview = 1"),
        postgresql_where=sa.text("preview"),
    )
