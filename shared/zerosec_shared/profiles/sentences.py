"""A sentence as a template and its fields, so that it can be shown in another language."""

from dataclasses import dataclass

from zerosec_shared.formulas.problems import filled

__all__ = ["Sentence", "sentence"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`str(sentence)` is the English text; a translation fills its own template with the same fields."""

    template: str
    fields: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.translated(self.template)

    def translated(self, template: str) -> str:
        """Another language's template with the fields of this one."""
        return filled(template, dict(self.fields))


def sentence(template: str, **fields: object) -> Sentence:
    """Make a sentence."""
    return Sentence(template, tuple((name, str(value)) for name, value in fields.items()))
