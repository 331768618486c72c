"""Settings that were given and have no effect with the others: said plainly, since the server takes its default for them."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from zerosec_shared.applying import OnlyWhen, without_effect
from zerosec_shared.texts import Said, say

__all__ = ["condition_in_words", "settings_without_effect"]


def settings_without_effect(
    schema: Mapping[str, JsonValue],
    given: Mapping[str, JsonValue],
    flags: Mapping[str, str],
    before: Mapping[str, JsonValue] | None = None,
) -> Iterator[Said]:
    """A sentence for each setting of `given` that does nothing; `flags` is how each is written, `before` what holds beside them."""
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return
    for name, condition in without_effect(properties, {**(before or {}), **given}).items():
        if name in given:
            yield say(
                "{flag} has no effect here: it applies only with {condition}.",
                flag=flags.get(name, name),
                condition=condition_in_words(condition, flags),
            )


def condition_in_words(condition: OnlyWhen, flags: Mapping[str, str]) -> str:
    """The choices with which a setting applies, as they are written: `--decision costs|bound_both`."""
    return ", ".join(_choice(flags.get(name, name), values) for name, values in condition.items())


def _choice(flag: str, values: tuple[JsonValue, ...]) -> str:
    if not flag.startswith("--"):
        return f"{flag}={'|'.join(map(_word, values))}"
    if all(isinstance(value, bool) for value in values):
        return "|".join(flag if value else f"--no-{flag[2:]}" for value in values)
    return f"{flag} {'|'.join(map(_word, values))}"


def _word(value: JsonValue) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
