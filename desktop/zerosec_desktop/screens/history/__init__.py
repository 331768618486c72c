"""History: what was done before, by day."""
