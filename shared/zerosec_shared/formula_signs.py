"""Texts that a spreadsheet would take for a formula: an apostrophe before them makes them texts there, and is taken off when read back."""

__all__ = ["SIGNS", "guarded", "unguarded"]

SIGNS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text as it may stand in a CSV: numbers stay as they are."""
    bare = text.lstrip("'")
    return text if not bare.startswith(SIGNS) or (bare is text and _is_number(text)) else f"'{text}"


def unguarded(text: str) -> str:
    """The text that was meant: without the apostrophe that `guarded` puts before it."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(SIGNS) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
