"""The external programs of a server."""
