"""What can be wrong with a formula, as sentences made from a template and its fields, so that they can be translated."""

__all__ = ["FormulaError", "FormulaValueError", "filled"]


def filled(template: str, fields: dict[str, str]) -> str:
    """The template with each `{field}` replaced as it stands: a value is never itself read as a template."""
    parts = []
    rest = template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        name, closed, rest = rest.partition("}")
        parts += [before, fields[name] if closed and name in fields else f"{{{name}{closed}"]
    return "".join([*parts, rest])


class FormulaError(ValueError):
    """A formula that cannot be read or does not fit its columns. `position` counts characters from 1; None: the whole."""

    def __init__(self, template: str, position: int | None = None, **fields: object) -> None:
        self.template, self.position = template, position
        self.fields = {name: str(value) for name, value in fields.items()}
        if position is not None:
            self.template = template.removesuffix(".") + " (character {position})."
            self.fields["position"] = str(position)
        super().__init__(filled(self.template, self.fields))


class FormulaValueError(FormulaError):
    """A formula that cannot be worked out for these values: a division by zero, a root of a negative number."""
