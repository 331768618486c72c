"""The `zerosec` command. Ctrl-C ends it with 4 and without a traceback from here on, also while its modules are loaded."""

from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; docs/cli.md lists them."""
    try:
        from zerosec_client.cli.entry import main as enter

        return enter(arguments)
    except KeyboardInterrupt:
        from zerosec_client.cli.interrupted import leave

        leave(arguments)
