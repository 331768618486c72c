"""Optimal design of experiments: which runs to make so that few of them teach much."""
