"""Targets: the servers work can be sent to."""
