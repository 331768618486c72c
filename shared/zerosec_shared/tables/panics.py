"""A parser written in Rust that gives up (a panic) raises what no `except Exception` sees: here it becomes the problem that it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["panics_are"]


@contextmanager
def panics_are(problem: Callable[[], Exception]) -> Iterator[None]:
    """Raise `problem()` where the parser panics over a file: that is damage in the file, and nothing else of it is known."""
    try:
        yield
    except BaseException as error:
        if (
            type(error).__name__ != "PanicException"
        ):  # each Rust library makes a class of its own of this name
            raise
        raise problem() from error
