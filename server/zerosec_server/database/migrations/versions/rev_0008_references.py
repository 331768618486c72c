"""Registered references, and which inputs are such."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "shared_references",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("genome_build", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_shared_references_sha256_files")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shared_references")),
    )
    op.create_index(op.f("ix_shared_references_sha256"), "shared_references", ["sha256"])
    for table in ("run_inputs", "job_inputs"):
        op.add_column(table, sa.Column("registered_json", sa.Text(), nullable=True))
