"""Combination tables: every combination of the levels of some variables, as Parquet, CSV and Excel files."""
