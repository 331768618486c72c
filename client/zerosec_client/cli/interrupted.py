"""How the command leaves when Ctrl-C comes before or after its own handling of it: while modules are loaded, say.

Half loaded modules may be of no use any more, so this needs the standard library alone; a second Ctrl-C ends at once.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

__all__ = ["leave"]

INTERRUPTED = 4


def leave(arguments: Sequence[str] | None) -> NoReturn:
    """End the process with exit code 4, after the JSON object if one was asked for."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    if "--json" in (sys.argv[1:] if arguments is None else arguments):
        answer: dict[str, object] = dict.fromkeys(("run_id", "job_id"))
        answer |= {"status": "error", "target": None, "metrics": {}, "intervals": {}, "warnings": []}
        answer |= {"artifacts": [], "out": None}
        answer["failure"] = {"code": "interrupted", "title": "Interrupted.", "detail": "", "hint": ""}
        with suppress(OSError, ValueError):
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    os._exit(INTERRUPTED)
