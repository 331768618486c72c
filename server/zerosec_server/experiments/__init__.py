"""The results database of projects: what an import would change, taking it in and back, choosing rows, backups."""
