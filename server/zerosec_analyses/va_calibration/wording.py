"""Sentences from templates."""

__all__ = ["say"]


def say(template: str, **values: object) -> str:
    """The template with its named fields filled in, by plain replacement."""
    text = template
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
