"""The best compromises of a table: the exact non-dominated set, rankings of it, and how sure membership is."""
