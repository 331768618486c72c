"""What runs inside a job's own process: reads `job.json`, imports the method, runs it, leaves `outcome.json`.

The method module is first imported here. Every way to fail becomes one sentence for the user (a failure frame) and a traceback
in the log; the process then ends with exit code 1. Exit code 0 means that `outcome.json` is there, by rename.
"""

import errno
import importlib
import os
import resource
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from zerosec_analyses.catalogue import Catalogue
from zerosec_analyses.errors import NoSpaceError
from zerosec_analyses.preview import preview
from zerosec_analyses.sdk import AnalysisError, Context, JobInput
from zerosec_server.language import server_texts
from zerosec_server.worker.compiled_cache import CompiledCache
from zerosec_server.worker.frames import (
    FailureFrame,
    Frame,
    FrameError,
    LogFrame,
    MetricFrame,
    NoticeFrame,
    ProgressFrame,
    encode,
)
from zerosec_server.worker.kept_folder import kept_folder
from zerosec_server.worker.order import JobOrder, Limits
from zerosec_server.worker.shared_cache import give_back_fonts, take_fonts
from zerosec_server.worker.warmth import THREAD_VARIABLES, become_ones_own
from zerosec_server.worker.workspace import FINISH_EARLY_NAME, RECORD_NAME
from zerosec_shared.errors import ProblemCode
from zerosec_shared.runs import JobFailure
from zerosec_shared.texts import Texts, cut
from zerosec_shared.translations import with_translations
from zerosec_shared.views import Metric, Notice

__all__ = ["PipeReporter", "explain", "run_child"]

PROGRESS_INTERVAL_S = 0.05


class PipeReporter:
    """Sends what a context reports as frames. Progress in a tight loop is thinned here: the newest replaces the older."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._texts = server_texts()
        self._held: ProgressFrame | None = None
        self._sent_at = -PROGRESS_INTERVAL_S

    def speak_of(self, texts: Texts) -> None:
        """Take the translations of an analysis too, once it is known which one runs."""
        self._texts = texts.over(server_texts())

    def _send(self, frame: Frame) -> None:
        try:
            data = memoryview(encode(with_translations(frame, self._texts)))
        except FrameError:
            return  # a metric whose texts add up to a megabyte: it still stands in the outcome
        while data:
            data = data[os.write(self._pipe, data) :]

    def progress(
        self, fraction: float | None, stage: str, message: str, counters: Mapping[str, float | int | str]
    ) -> None:
        """Say where the job is."""
        known = dict(list(counters.items())[:50])
        self._held = ProgressFrame(
            fraction=fraction, stage=cut(stage, 4000), message=cut(message, 4000), counters=known
        )
        if time.monotonic() - self._sent_at >= PROGRESS_INTERVAL_S:
            self.flush()

    def flush(self) -> None:
        """Send the progress that was held back."""
        if self._held is not None:
            self._send(self._held)
            self._held, self._sent_at = None, time.monotonic()

    def log(self, level: Literal["info", "warning", "error"], message: str) -> None:
        """Write a line to the log file and tell it to whoever watches."""
        sys.stdout.write(f"{level.upper()} {message}\n" if level != "info" else f"{message}\n")
        sys.stdout.flush()
        self._send(LogFrame(level=level, message=message))

    def metric(self, metric: Metric) -> None:
        """Tell a number before the end."""
        self._send(MetricFrame(metric=metric))

    def notice(self, notice: Notice) -> None:
        """Tell what must be seen beside the numbers."""
        self._send(NoticeFrame(notice=notice))

    def failure(self, failure: JobFailure) -> None:
        """Tell why the job ends."""
        self._send(FailureFrame(failure=failure))


def explain(error: BaseException) -> JobFailure:
    """The sentence for the user about what stopped an analysis."""
    if isinstance(error, AnalysisError):
        return JobFailure(
            code=error.code,
            title=cut(error.title, 4000),
            detail=cut(error.detail, 4000),
            hint=cut(error.hint, 4000),
        )
    if isinstance(error, MemoryError):
        return JobFailure(
            code=ProblemCode.MEMORY_EXCEEDED,
            title="The analysis needed more memory than it may use.",
            hint="Try fewer rows or columns, or ask whoever runs the server to raise the limit.",
        )
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return explain(NoSpaceError())
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return JobFailure(
            code=ProblemCode.OUTPUT_TOO_LARGE,
            title="The analysis wrote a file larger than it may.",
            hint="Ask for fewer outputs, or ask whoever runs the server to raise the limit.",
        )
    if isinstance(error, ImportError):
        return JobFailure(
            code=ProblemCode.ANALYSIS_FAILED,
            title="A part of this analysis is not installed on the server.",
            detail="Your data are not the cause.",
            hint="Whoever runs the server finds the missing part's name in the job's log.",
        )
    return JobFailure(
        code=ProblemCode.ANALYSIS_FAILED,
        title="The analysis stopped at a mistake of its own.",
        detail="It met something that it was not made for; there are no results.",
        hint="The job's log says where. Please send it to whoever maintains this analysis.",
    )


def _fonts(workspace: Path) -> Path:
    return workspace / "scratch" / "matplotlib"


def _confine(workspace: Path, limits: Limits, threads: int) -> None:
    os.umask(0o077)
    scratch = str(workspace / "scratch")
    os.chdir(scratch)
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), scratch))
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(threads)))
    os.environ.update(
        {"MPLCONFIGDIR": str(_fonts(workspace)), "MPLBACKEND": "Agg", "XDG_CACHE_HOME": scratch}
    )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_FSIZE, limits.output_bytes)
    # One leap past the limit must fail as an allocation, not take the machine down before the shim looks again.
    _lower(resource.RLIMIT_DATA, limits.memory_bytes + limits.memory_bytes // 4)


def _lower(kind: int, wanted: int) -> None:
    _, hard = resource.getrlimit(kind)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (limit, limit))


def _run_step(
    workspace: Path, order: JobOrder, limits: Limits, catalogue: Catalogue, reporter: PipeReporter
) -> None:
    analysis = catalogue[order.analysis]
    reporter.speak_of(analysis.texts)
    step = analysis.step(order.step)
    parameters = step.draft(order.parameters) if order.preview else step.validate(order.parameters)
    context = Context(
        inputs={
            slot: [
                JobInput(
                    path=Path(given.path),
                    name=given.name,
                    sha256=given.sha256,
                    dialect=given.dialect,
                    origin=given.origin,
                    registered=given.registered,
                    made_by=given.made_by,
                )
                for given in files
            ]
            for slot, files in order.inputs.items()
        },
        output=workspace / "output",
        scratch=workspace / "scratch",
        reporter=reporter,
        seed=order.seed,
        threads=order.threads,
        texts=analysis.texts,
        finish_file=workspace / FINISH_EARLY_NAME,
        record_file=workspace / RECORD_NAME,
        programs=order.programs,
        memory_bytes=limits.memory_bytes,
        cache=Path(order.cache) / "analyses" / analysis.id if order.cache else None,
        kept=kept_folder(order.cache, order.job_id) if order.cache and not order.preview else None,
    )
    module, _, function = (step.preview if order.preview else step.method).partition(":")
    work = getattr(importlib.import_module(module), function)
    if order.preview:
        preview(step, work, context, parameters)
    else:
        work(context, parameters)
    reporter.flush()
    sys.stdout.flush()
    unfinished = workspace / "outcome.json.part"
    unfinished.write_bytes(context.outcome().model_dump_json().encode())
    unfinished.rename(workspace / "outcome.json")


def run_child(workspace: Path, limits: Limits, pipe: int, catalogue: Catalogue) -> int:
    """Run the job of a workspace; returns the exit code. Standard output and error are the job's log already."""
    reporter = PipeReporter(pipe)
    try:
        order = JobOrder.model_validate_json((workspace / "job.json").read_bytes())
        _confine(workspace, limits, order.threads)
        become_ones_own(order.threads)
        take_fonts(order.cache, _fonts(workspace))
        compiled = CompiledCache(order.cache, order.analysis, workspace / "compiled")
        compiled.take()
        try:
            _run_step(workspace, order, limits, catalogue, reporter)
        finally:  # what was compiled is good, whatever became of the job
            compiled.give_back()
        give_back_fonts(order.cache, _fonts(workspace))
    except BaseException as error:  # noqa: BLE001 - reported: a sentence to the user, the traceback to the log
        failure = explain(error)
        if not isinstance(error, AnalysisError) or error.__cause__ is not None:
            traceback.print_exc()
        else:
            sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        reporter.flush()
        reporter.failure(failure)
        return 1
    return 0
