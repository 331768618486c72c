"""What a step ran with: versions of the interpreter, of every package in memory and of programs, recorded with each result."""

import platform
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice

__all__ = ["environment"]


def environment(seed: int | None, programs: Mapping[str, str] | None = None) -> dict[str, str]:
    """Versions of the interpreter, the machine, every imported package outside the standard library, and of `programs`; and the seed."""
    known, count = _known_environment()
    found = dict(known) if seed is None else {**known, "seed": str(seed)}
    found.update({f"program {name}": version or "?" for name, version in (programs or {}).items()})
    # Each module looked at is a page of memory copied in a job's process: only those that came since the first call.
    _add_versions(found, islice(reversed(sys.modules), max(0, len(sys.modules) - count)))
    return {name: found[name] for name in sorted(found)}


@cache
def _known_environment() -> tuple[dict[str, str], int]:
    """What was there at the first call, and how many modules that were."""
    found = {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    names = list(sys.modules)
    _add_versions(found, names)
    return found, len(names)


def _add_versions(found: dict[str, str], names: Iterable[str]) -> None:
    for name in names:
        if "." not in name and not name.startswith("_") and name not in sys.stdlib_module_names:
            version = vars(sys.modules[name]).get("__version__")
            if isinstance(version, str):
                found[name] = version[:60]
