"""The `zerosec` command."""

from zerosec_client.cli.entry import main

__all__ = ["main"]
