"""The tables of the results database: projects, their experiments value by value, and every change that was ever made."""

from sqlalchemy import CheckConstraint, Column, Double, ForeignKey, Index, Integer, String, Table, Text

from zerosec_server.database.tables import metadata

__all__ = ["changes", "experiment_values", "experiments", "imports", "projects", "saved_filters"]

projects = Table(
    "projects",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("profile", Text, nullable=False, comment="TOML"),
    Column("columns_json", Text, nullable=False, comment="as the profile says, in its order"),
    Column("revision", Integer, nullable=False, default=0, comment="grows with every change of the results"),
    Column("request_digest", String(64), nullable=False, comment="same id, other body: conflict"),
    Column("created_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
    Column("deleted_at", Double),
)

experiments = Table(
    "experiments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False, comment="the normalised identifying values, as a JSON list"),
    # The database itself refuses a second experiment of one identity.
    Index("uq_experiments_identity", "project_id", "key", unique=True),
    sqlite_autoincrement=True,
)

experiment_values = Table(
    "experiment_values",
    metadata,
    Column("experiment_id", ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True),
    Column("column_name", String(200), primary_key=True),
    Column("number_value", Double),
    Column("text_value", Text, comment="texts, and dates as 2025-10-29"),
    CheckConstraint("(number_value IS NULL) <> (text_value IS NULL)", name="one_value"),
    # One tree instead of two: values are the many rows here, and half the time of an import.
    sqlite_with_rowid=False,
)

imports = Table(
    "imports",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("file_name", String(200), nullable=False, default=""),
    Column("file_sha256", String(64), nullable=False, default=""),
    Column("changed_by", String(200), nullable=False),
    Column("at", Double, nullable=False),
    Column("revision", Integer, nullable=False, comment="of the results after it"),
    Column("new_count", Integer, nullable=False, default=0),
    Column("changed_count", Integer, nullable=False, default=0),
    Column("identical_count", Integer, nullable=False, default=0),
    Column("rejected_count", Integer, nullable=False, default=0),
    Column("kept_count", Integer, nullable=False, default=0),
    Column("undoes", ForeignKey("imports.id", ondelete="CASCADE"), index=True),
    Column("request_digest", String(64), nullable=False),
    CheckConstraint("kind IN ('import', 'undo', 'restore')", name="kind"),
    Index("ix_imports_project", "project_id", "revision"),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("import_id", ForeignKey("imports.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False, comment="the experiment's identity: outlives the experiment itself"),
    Column("cells_json", Text, nullable=False, comment="column to [old, new]; null where there was none"),
    Index("ix_changes_experiment", "project_id", "key"),
    sqlite_autoincrement=True,
)

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("filter_json", Text, nullable=False),
)
