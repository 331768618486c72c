"""Runs of several steps: which files a step reads, what is stale, and steps one after another."""
