"""The profile editor: what a project's columns are, as a table with details, checked while it is written."""
