"""One row for each experiment an import changed, and values in one tree: an import holds the database a tenth of the time."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    """Apply."""
    c = op.get_bind()
    op.rename_table("changes", "changes_by_value")
    for index in ("ix_changes_experiment", "ix_changes_import_id"):
        op.drop_index(index, table_name="changes_by_value")
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column(
            "key",
            sa.Text(),
            nullable=False,
            comment="the experiment's identity: outlives the experiment itself",
        ),
        sa.Column(
            "cells_json",
            sa.Text(),
            nullable=False,
            comment="column to [old, new]; null where there was none",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_changes_import_id_imports"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_changes_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    _move_changes(c)
    op.drop_table("changes_by_value")
    op.create_index("ix_changes_experiment", "changes", ["project_id", "key"], unique=False)
    op.create_index(op.f("ix_changes_import_id"), "changes", ["import_id"], unique=False)

    op.rename_table("experiment_values", "values_by_row")
    op.create_table(
        "experiment_values",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("column_name", sa.String(length=200), nullable=False),
        sa.Column("number_value", sa.Double(), nullable=True),
        sa.Column("text_value", sa.Text(), nullable=True, comment="texts, and dates as 2025-10-29"),
        sa.CheckConstraint(
            "(number_value IS NULL) <> (text_value IS NULL)", name=op.f("ck_experiment_values_one_value")
        ),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["experiments.id"],
            name=op.f("fk_experiment_values_experiment_id_experiments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experiment_id", "column_name", name=op.f("pk_experiment_values")),
        sqlite_with_rowid=False,
    )
    columns = "experiment_id, column_name, number_value, text_value"
    op.execute(f"INSERT INTO experiment_values ({columns}) SELECT {columns} FROM values_by_row")  # noqa: S608 - constants
    op.drop_table("values_by_row")


def _move_changes(c: sa.Connection) -> None:
    """Gather the values of each import and experiment, in the order they were written."""
    groups: dict[tuple[str, str, str], dict[str, list[float | str | None]]] = {}
    rows = c.execute(
        sa.text(
            "SELECT import_id, project_id, key, column_name, old_number, old_text, new_number, new_text"
            " FROM changes_by_value ORDER BY id"
        )
    )
    for import_id, project_id, key, column, old_number, old_text, new_number, new_text in rows:
        old = old_text if old_number is None else old_number
        new = new_text if new_number is None else new_number
        groups.setdefault((import_id, project_id, key), {})[column] = [old, new]
    written = [
        {"i": import_id, "p": project_id, "k": key, "c": json.dumps(cells, ensure_ascii=False)}
        for (import_id, project_id, key), cells in groups.items()
    ]
    statement = sa.text(
        "INSERT INTO changes (import_id, project_id, key, cells_json) VALUES (:i, :p, :k, :c)"
    )
    for start in range(0, len(written), AT_ONCE):
        c.execute(statement, written[start : start + AT_ONCE])
