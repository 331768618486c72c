"""One thing the user must see beside the numbers."""

from __future__ import annotations

from dataclasses import dataclass

from zerosec_analyses.sdk import Context, Said, say
from zerosec_shared.views import Severity

NOTHING = say("")


@dataclass(frozen=True)
class Finding:
    """A sentence with a code for programs, and what to do about it. ``is_warning`` is false for plain information."""

    code: str
    message: Said
    hint: Said = NOTHING
    is_warning: bool = True

    def tell(self, ctx: Context) -> None:
        """Make it a notice of the job."""
        ctx.warn(self.code, self.message, self.hint, Severity.WARNING if self.is_warning else Severity.INFO)
