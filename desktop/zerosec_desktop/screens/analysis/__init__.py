"""The form of an analysis, and what will happen."""
