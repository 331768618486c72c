"""Origins of inputs: which of them are chosen experiments of a project, and by which filter."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for table in ("run_inputs", "job_inputs"):
        op.add_column(table, sa.Column("origin_json", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("project_id", sa.String(length=36), nullable=True))
        op.create_index(f"ix_{table}_project_id", table, ["project_id"])
