"""What every job does around its method, done once in the parent before it forks.

Python notes at the first use of a class, a function or a model what makes the next uses quick. Noted in the parent it is there in
every fork; noted in a job's process it is made anew for each job, and each page of memory it is written to is copied. Noted in the
zygote, the parent would keep its own copy of each such page for as long as the server runs.
"""

import os
from pathlib import Path

from zerosec_analyses.environment import environment
from zerosec_analyses.sdk import Context
from zerosec_server.language import server_texts
from zerosec_server.worker.child import PipeReporter
from zerosec_server.worker.order import Ended, JobOrder, Limits, Reason, ShimOrder, Started

__all__ = ["rehearse"]

ROUNDS = 2


def rehearse() -> None:
    """Go through it, leaving nothing behind but what is looked up once."""
    environment(seed=None)
    server_texts()
    with open(os.devnull, "wb", buffering=0) as nowhere:  # noqa: PTH123 - its number is wanted
        for _ in range(ROUNDS):
            _once(nowhere.fileno())


def _once(pipe: int) -> None:
    limits = Limits(wall_time_s=1.0, memory_bytes=1, output_bytes=1, output_files=1, log_bytes=1)
    order = ShimOrder(workspace=os.sep, limits=limits, lease_s=1.0)
    ShimOrder.model_validate_json(order.model_dump_json())
    Started(pid=1, shim=1).model_dump_json()
    Ended(wait_status=0, reason=Reason.ITSELF).model_dump_json()
    job = JobOrder(
        job_id="", attempt=1, analysis="", step="", parameters={"name": 1}, inputs={}, seed=1, threads=1
    )
    JobOrder.model_validate_json(job.model_dump_json())
    reporter = PipeReporter(pipe)
    reporter.speak_of(server_texts())
    context = Context(inputs={}, output=Path(os.sep), scratch=Path(os.sep), reporter=reporter, seed=1)
    context.progress(0.5, count=1)
    context.metric("name", 1, headline=True)
    reporter.flush()
    context.outcome().model_dump_json()
