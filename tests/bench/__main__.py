"""Runs every benchmark (or those named) and writes one table with the machine described: `python -m tests.bench [jobs idle …]`.

Each module of this folder with a `measure()` is one benchmark. The table goes to standard output and, as Markdown and JSON, to
bench-results/.
"""

import argparse
import importlib
import json
import os
import pkgutil
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import psutil

import tests.bench
from tests.bench.figures import Figure

RESULTS = Path("bench-results")
FSYNC_SAMPLES = 200


def benchmarks() -> dict[str, Callable[[], list[Figure]]]:
    """Every module here that measures, by name."""
    found = {}
    for info in pkgutil.iter_modules(tests.bench.__path__):
        if info.name.startswith("_") or info.name == "figures":
            continue
        module = importlib.import_module(f"tests.bench.{info.name}")
        if hasattr(module, "measure"):
            found[info.name] = module.measure
    return found


def _fsync_ms() -> float:
    taken = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(FSYNC_SAMPLES):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def machine() -> dict[str, str]:
    """What the figures were measured on; the load tells whether it had something else to do."""
    return {
        "processor": f"{os.cpu_count()} x {_processor()}",
        "memory": f"{psutil.virtual_memory().total / 1024**3:.1f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "fsync of 4 KiB (median)": f"{_fsync_ms():.2f} ms",
        "load before": f"{os.getloadavg()[0]:.2f}",
        "zerosec-server": metadata.version("zerosec-server"),
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _row(figure: Figure) -> tuple[str, ...]:
    verdict = {True: "met", False: "missed", None: ""}[figure.met]
    return (
        figure.name,
        _number(figure.median),
        _number(figure.p99),
        figure.unit,
        str(figure.samples),
        figure.target,
        verdict,
        figure.note,
    )


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table with aligned columns."""
    rows = [("what", "median", "p99", "unit", "n", "target", "", "note"), *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def main() -> int:
    """Run, print, keep; 1 if a benchmark could not run."""
    known = benchmarks()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", choices=[[], *known], help="run these only")
    chosen = parser.parse_args().names or list(known)
    described = machine()
    figures: list[Figure] = []
    broken: list[str] = []
    for name in chosen:
        sys.stderr.write(f"measuring {name} …\n")
        try:
            figures += known[name]()
        except Exception as error:  # noqa: BLE001 - told below and by the exit code; the other benchmarks still run
            broken.append(f"{name}: {type(error).__name__}: {error}")
    head = "\n".join(f"- {name}: {value}" for name, value in described.items())
    text = f"{head}\n\n{table(figures)}\n" + "".join(f"\nCould not be measured: {line}\n" for line in broken)
    sys.stdout.write(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "figures.md").write_text(text, encoding="utf-8")
    kept = {"machine": described, "figures": [asdict(figure) for figure in figures], "broken": broken}
    (RESULTS / "figures.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
