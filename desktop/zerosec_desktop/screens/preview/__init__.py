"""Data preview: first rows at once, dialect and types correctable, a summary of every column."""
