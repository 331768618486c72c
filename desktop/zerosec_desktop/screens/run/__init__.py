"""A run: its progress while it works, its results afterwards."""
