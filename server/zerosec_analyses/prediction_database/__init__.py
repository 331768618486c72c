"""Predictions of many runs as one table."""
