"""What a command leaves on the screen: its answer on standard output, as text or one JSON object; all else on standard error."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.errors import ClientError, ServerProblemError
from zerosec_shared.texts import Said, say, translated

__all__ = ["Report", "Terminal", "defect", "failure_of", "significant"]


@dataclass(frozen=True)
class Report:
    """What a command found: an exit code, the JSON object, and the same for a person."""

    code: ExitCode
    data: Mapping[str, JsonValue]
    lines: Sequence[str] = ()
    table: tuple[Sequence[str], Sequence[Sequence[str]]] | None = field(default=None)
    """Headings and rows, shown before the lines."""


def significant(value: float | int | str | None, digits: int = 4) -> str:
    """A number for reading: so many significant digits, no needless exponent."""
    if value is None:
        return "not available"
    if isinstance(value, float):
        shown = f"{value:.{digits}g}"
        if "e" in shown and 1e-4 <= abs(value) < 1e9:
            shown = f"{value:,.0f}"
        return shown
    return str(value)


def defect(error: Exception) -> ClientError:
    """A mistake of our own, in words."""
    told = ClientError(
        "ZeroSec itself has made a mistake.",
        say("{name}: {error}", name=type(error).__name__, error=str(error)),
        "What was submitted is safe. Please report this, with what --debug shows.",
    )
    told.code = "defect"
    return told


def failure_of(error: ClientError) -> dict[str, JsonValue]:
    """An error as the `failure` of the JSON object."""
    failure: dict[str, JsonValue] = {
        "code": error.code,
        "title": error.title,
        "detail": error.detail,
        "hint": error.hint,
    }
    if isinstance(error, ServerProblemError):
        failure["request_id"] = error.request_id
        failure["errors"] = [
            {"path": list(each.path), "message": each.message, "code": each.code} for each in error.errors
        ]
    return failure


class Terminal:
    """Standard output and standard error, and how much is said on them."""

    def __init__(self, *, as_json: bool, quiet: bool = False) -> None:
        self.as_json, self.quiet = as_json, quiet

    @property
    def lively(self) -> bool:
        """Whether a moving display makes sense."""
        return sys.stderr.isatty() and not self.quiet

    def say(self, line: str) -> None:
        """Tell the person something, beside the answer."""
        if not self.quiet:
            sys.stderr.write(translated(line) + "\n")
            sys.stderr.flush()

    def warn(self, line: str) -> None:
        """Tell what must not be missed, also by whoever wants no progress."""
        sys.stderr.write(translated(line) + "\n")
        sys.stderr.flush()

    def complain(self, error: ClientError, names: Mapping[str, str] | None = None) -> None:
        """Say what went wrong, what it means and what to do. `names` translates parameter names into options."""
        lines = [f"zerosec: {translated(error.title)}"]
        named = error.errors if isinstance(error, ServerProblemError) else ()
        if error.detail and not named:
            lines.append(f"  {translated(error.detail)}")
        if named:
            for each in named:
                words = [str(part) for part in each.path]
                place = next((names[word] for word in reversed(words) if names and word in names), words[-1:])
                lines.append(f"  {place if isinstance(place, str) else ''.join(place)}: {each.message}")
        if error.hint:
            lines.append(f"  {translated(error.hint)}")
        sys.stderr.write("\n".join(lines) + "\n")
        sys.stderr.flush()

    def show(self, report: Report) -> None:
        """Print the answer."""
        if self.as_json:
            sys.stdout.write(json.dumps(report.data, ensure_ascii=False, allow_nan=False) + "\n")
        else:
            if report.table is not None:
                self._table(*report.table)
            for line in report.lines:
                sys.stdout.write(translated(line) + "\n")
        sys.stdout.flush()

    @staticmethod
    def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(*map(translated, headings), box=None, pad_edge=False, header_style="bold")
        for row in rows:
            # a text of the user's stays as it is, whatever it says
            table.add_row(*(Text(translated(cell) if isinstance(cell, Said) else cell) for cell in row))
        console = Console(file=sys.stdout, highlight=False)
        if not sys.stdout.isatty():
            console = Console(file=sys.stdout, highlight=False, width=10_000)
        console.print(table)
