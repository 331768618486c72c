"""The references that are registered on a server."""
