"""What can be wrong with a formula, in sentences that can be translated."""

from zerosec_shared.texts import Said, say

__all__ = ["FormulaError", "FormulaValueError"]


class FormulaError(ValueError):
    """A formula that cannot be read or does not fit its columns. `text` is for the user.

    `problem` is the sentence without its place; `position` counts characters from 1, None: the formula as a whole.
    """

    def __init__(self, problem: Said, position: int | None = None) -> None:
        self.problem, self.position = problem, position
        self.text = (
            problem
            if position is None
            else say("At character {position}: {problem}", position=position, problem=problem)
        )
        super().__init__(self.text)


class FormulaValueError(FormulaError):
    """A formula that cannot be worked out for these values: a division by zero, a root of a negative number."""
