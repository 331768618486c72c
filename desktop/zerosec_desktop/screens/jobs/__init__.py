"""Runs: the live list of all jobs of all targets, and their details."""
