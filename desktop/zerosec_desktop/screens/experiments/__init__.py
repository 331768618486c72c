"""The experiments workspace: one project, step by step in the order of the work."""
