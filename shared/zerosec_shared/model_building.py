"""When the validators of our models are built: with their classes, or each when it is first needed.

Building takes a tenth of a second in all. A server builds them at once, so that the processes it forks for jobs find them
ready; a window that is to be painted first builds them later. Later is safe in threads: pydantic builds under a lock (2.14).
"""

__all__ = ["build_later", "builds_later"]

_later = False


def build_later() -> None:
    """From now on. Models whose modules were imported before are built."""
    global _later
    _later = True


def builds_later() -> bool:
    """What holds for a model that is declared now."""
    return _later
