"""The reading process: does one job after another, and ends when the window lets go of it. No Qt.

A library that aborts over a damaged file ends this process and nothing else. It may use half of the machine's memory, and is
the first to go where memory runs out.
"""

import contextlib
import json
import os
import queue
import shutil
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zerosec_desktop.reading.answers import FileStamp, Job, Request, detection_said, table_said

if TYPE_CHECKING:
    import polars as pl

    from zerosec_shared.files import Dialect
    from zerosec_shared.tables import Detection, Note, Table

__all__ = ["serve"]

FIRST_ROWS = 200
HELD_BYTES = 192 * 1024**2
"""Memory for the rows that can be looked at: 1e6 x 20 numbers are 160 MB."""
HELD_OF_LARGE_BYTES = 48 * 1024**2
"""The same for a large file, of which only the first rows are shown in any case."""
LARGE_FILE_BYTES = 512 * 1024**2
SEARCHED_FIRST_BYTES = 8 * 1024**2
"""How far a large file is searched for its encoding before its first rows are shown."""

Answer = dict[str, Any]


def serve(scratch: Path) -> None:
    """Read jobs from standard input and answer on standard output; tables are put into `scratch`, which goes at the end."""
    _bound()
    said = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # what a library prints is no answer
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(lines, scratch), name="listen", daemon=True).start()
    import zerosec_shared.tables  # noqa: F401 -- warm before the first job

    numbers = iter(range(sys.maxsize))

    def say(answer: Answer) -> None:
        said.write(json.dumps(answer) + "\n")
        said.flush()

    def put(frame: "pl.DataFrame") -> str:
        name = f"{next(numbers)}.arrow"
        frame.write_ipc(scratch / name, record_batch_size=None)
        return name

    while True:
        line = lines.get()
        say({"began": True})
        try:
            for answer in _answers(Request.of(line), put):
                say(answer)
            say({"done": True})
        except BaseException as error:  # noqa: BLE001 -- a panic of a Rust library is no Exception; the window puts it into words
            say({"failure": _failure(error)})


def _listen(lines: "queue.SimpleQueue[str]", scratch: Path) -> None:
    """Jobs come in; at the end of the input the window is gone, whatever is being done."""
    for line in sys.stdin:
        lines.put(line)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


def _bound() -> None:
    """Half of the memory, no core file, and the first to go where memory runs out."""
    if sys.platform == "win32":
        return
    import resource

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory // 2, memory // 2))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _failure(error: BaseException) -> Answer:
    """An error as far as it can be told: in the words of who raised it, or of the system, or as details alone."""
    if isinstance(error, MemoryError):
        return {"memory": True}
    if isinstance(error, OSError) and error.errno:
        return {"errno": error.errno, "strerror": error.strerror or "", "filename": str(error.filename or "")}
    title = getattr(error, "title", "")
    if isinstance(title, str) and title:
        from zerosec_shared.texts import translated

        return {name: str(translated(getattr(error, name, ""))) for name in ("title", "detail", "hint")}
    return {"technical": "".join(traceback.format_exception(error))}


def _answers(request: Request, put: "Callable[[pl.DataFrame], str]") -> Iterator[Answer]:
    from zerosec_shared.tables import read_table
    from zerosec_shared.texts import speak

    speak(request.language)
    if request.job is Job.LOOK:
        yield from _look(request, put)
    elif request.job is Job.TABLE:
        yield _table(read_table(request.path, _sheet_meant(request), max_rows=request.rows), put)
    else:
        yield _texts(request, put)


def _sheet_meant(request: Request) -> "Dialect | None":
    """How the file is read: of several sheets that which the profile recognises."""
    if not request.profile:
        return request.dialect
    from zerosec_shared.profiles import read_profile, recognised_sheet

    return recognised_sheet(request.path, read_profile(request.profile.encode()), request.dialect)[0]


def _table(table: "Table", put: "Callable[[pl.DataFrame], str]") -> Answer:
    return {"table": table_said(replace(table, notes=_told(table.notes))), "file": put(table.frame)}


def _texts(request: Request, put: "Callable[[pl.DataFrame], str]") -> Answer:
    """Every cell as it is written, the line of names too."""
    from zerosec_shared.tables import detect, read_text_columns

    asked = request.dialect
    known = asked if asked is not None and not asked.detect else detect(request.path, asked).dialect
    raw = known.model_copy(update={"header_row": 0, "decimal": ".", "thousands": ""})
    texts = read_text_columns(request.path, raw, max_rows=request.rows)
    return {"kind": known.kind.value, "file": put(texts)}


# -- the look at a file: how it is read, first rows at once, then as many as can be held, then what is in each column


def _look(request: Request, put: "Callable[[pl.DataFrame], str]") -> Iterator[Answer]:
    from zerosec_shared.tables import preview, read_table, summarise

    path, asked = request.path, request.dialect
    stamp = FileStamp.of(path)
    large = stamp.size_bytes > LARGE_FILE_BYTES
    searched = SEARCHED_FIRST_BYTES if large else stamp.size_bytes
    detection = _detect(path, asked, lambda so_far: so_far < searched)
    told = detection_said(replace(detection, notes=_told(detection.notes)))
    yield {"answer": "detected", "detection": told}
    table = preview(path, detection.dialect, FIRST_ROWS)
    known = {"stamp": asdict(stamp)}
    first = {"answer": "first", **known, **_table(table, put), "detection": told}
    if table.complete or not request.everything:
        yield {**first, "final": True}
    else:
        yield {**first, "final": False}
        if large and (asked is None or asked.detect):
            detection = _detect(path, asked, lambda _: True)
        row_bytes = max(1, int(table.frame.estimated_size()) // max(1, table.frame.height))
        rows = max(FIRST_ROWS, (HELD_OF_LARGE_BYTES if large else HELD_BYTES) // row_bytes)
        table = read_table(path, detection.dialect, max_rows=rows, number_duplicates=True)
        yield {
            "answer": "all",
            **known,
            **_table(table, put),
            "detection": detection_said(replace(detection, notes=_told(detection.notes))),
            "final": True,
        }
    yield {"answer": "summary", "summaries": [asdict(summary) for summary in summarise(table)]}


def _told(notes: "tuple[Note, ...]") -> "tuple[Note, ...]":
    """Remarks as plain texts in the language of the window."""
    from zerosec_shared.texts import translated

    return tuple(replace(note, text=str(translated(note.text))) for note in notes)


def _detect(path: Path, dialect: "Dialect | None", go_on: Callable[[int], bool]) -> "Detection":
    """How the file is read: what the user fixed stands, the rest is found out."""
    from zerosec_shared.tables import Detection, detect

    partly = dialect is not None and bool(dialect.detect)
    detection = detect(path, dialect, go_on)
    if dialect is not None and not partly:
        return Detection(dialect, 1.0, (), detection.sheets)
    return detection
