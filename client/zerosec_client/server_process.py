"""The process of the bundled server: started here, by whoever needs it or ahead of need. Light: a window imports it before all else."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from zerosec_client.paths import server_data_dir, server_environment
from zerosec_client.settings import setting

__all__ = ["StartedServer", "head_start", "start_process", "started_ahead"]

LOG_LIMIT_BYTES = 5 * 1024**2


@dataclass(frozen=True)
class StartedServer:
    """A process that was asked to be the server. What it says stands in `log` from `began_at` on."""

    process: subprocess.Popen[bytes]
    log: Path
    began_at: int


_ahead: dict[Path, StartedServer] = {}


def head_start() -> None:
    """Have the bundled server start while this program is still busy with its own start; whoever needs it calls `ensure`.

    Returns at once. Where a server seems to run nothing is done. What goes wrong here is said by that call, which meets it too; of two
    servers that are started at once the second sees the first's lock and ends.
    """
    try:
        data_dir = server_data_dir()
        if not _seems_to_run(data_dir):
            data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            _ahead[data_dir] = start_process(data_dir)
    except OSError:
        return
    except Exception as error:
        from zerosec_client.errors import ClientError  # only now: with them come all models of errors

        if not isinstance(error, ClientError):
            raise


def started_ahead(data_dir: Path) -> StartedServer | None:
    """The process that was started ahead and lives, once."""
    started = _ahead.pop(data_dir, None)
    return started if started is not None and started.process.poll() is None else None


def start_process(data_dir: Path) -> StartedServer:
    """Start the server of a folder. Raises ServerNotStartedError where it is not installed, OSError."""
    log = data_dir / "server.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(data_dir / "server.log.1")
    with log.open("ab") as output:
        began_at = output.tell()
        process = subprocess.Popen(
            [_executable(), "serve", "--data-dir", str(data_dir)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=server_environment(),
            cwd=data_dir,
            start_new_session=True,
        )
    return StartedServer(process, log, began_at)


def _seems_to_run(data_dir: Path) -> bool:
    """Whether the process that wrote `server.json` is there. `ensure` looks closer."""
    try:
        pid = int(json.loads((data_dir / "server.json").read_bytes())["pid"])
        if os.name != "nt":  # signal 0 would end the process there
            os.kill(pid, 0)
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return False
    return True


def _executable() -> str:
    chosen = setting("ZEROSEC_SERVER")
    if chosen:
        return chosen
    name = "zerosec-server.exe" if os.name == "nt" else "zerosec-server"
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.is_file() else shutil.which("zerosec-server")
    if found is None:
        from zerosec_client.errors import ServerNotStartedError

        raise ServerNotStartedError(
            "The bundled server is not installed here.",
            hint="Install zerosec-server beside this program, or choose a server with --target-server.",
        )
    return found
