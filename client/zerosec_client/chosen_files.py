"""The files of a submission: as they were chosen, still the same when they are sent, and on the server.

Guards against running a file that is not the one the user chose.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from zerosec_client.api import Api
from zerosec_client.errors import LocalFileError
from zerosec_client.fingerprint import Fingerprint
from zerosec_client.outbox import LocalInput, Outbox
from zerosec_client.transfer import TransferProgress, upload
from zerosec_shared.causes import cause
from zerosec_shared.files import InputFile
from zerosec_shared.texts import say

__all__ = [
    "NAME_LENGTH",
    "REGISTERED_SIGN",
    "ChangedFileError",
    "local_input",
    "registered_input",
    "upload_all",
]

REGISTERED_SIGN = "@"
"""Before the name of a registered reference, where a file may stand too."""
NAME_LENGTH = 200
LONGEST_ENDING = 20
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class ChangedFileError(LocalFileError):
    """The file is not the one that was chosen."""

    code = "file_changed"


def local_input(path: Path) -> LocalInput:
    """A file as it is now; LocalFileError says what is wrong with it."""
    if not _is_text(str(path.absolute())):
        shown = str(path).encode(errors="replace").decode()
        raise LocalFileError(
            say("The name of the file {shown} or of one of its folders is no valid text.", shown=shown),
            "It was perhaps written on a system with another encoding, and could not be recorded with the results.",
            "Rename it and try again.",
        )
    try:
        if path.is_dir():
            raise LocalFileError(say("{path} is a folder, and a file is needed.", path=path))
        # A device, or a pipe: opening one may wait for ever, and what it holds cannot be read twice.
        if path.exists() and not path.is_file():
            raise LocalFileError(say("{path} is not a file.", path=path), hint="Choose a file.")
        seen = Fingerprint.of(path)
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise LocalFileError(
            say("There is no file {path}.", path=path), hint="Check the name and the folder."
        ) from error
    except PermissionError as error:
        raise LocalFileError(
            say("You have no right to read {path}.", path=path),
            hint="Change its permissions, or take a copy you may read.",
        ) from error
    except OSError as error:
        raise LocalFileError(say("{path} cannot be read: {cause}.", path=path, cause=cause(error))) from error
    return LocalInput(
        path=seen.path,
        name=_shown_name(path.name),
        size_bytes=seen.size_bytes,
        modified_ns=seen.modified_ns,
    )


def registered_input(file: InputFile) -> LocalInput:
    """A registered reference as an input: it lies on the server, and nothing is sent. ValueError for a file that is none."""
    if file.registered is None:
        raise ValueError(f"{file.name} is not registered")
    return LocalInput(
        path=REGISTERED_SIGN + file.registered.name,
        name=file.name,
        size_bytes=0,
        modified_ns=0,
        copy_of=file,
        stored=True,
    )


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown_name(name: str) -> str:
    """A file's name as it is recorded: one line, and not longer than names may be; the ending stays."""
    line = CONTROL.sub("_", name)
    if len(line) <= NAME_LENGTH:
        return line
    ending = Path(line).suffix[:LONGEST_ENDING]
    return f"{line[: NAME_LENGTH - len(ending) - 1]}…{ending}"


def _unchanged(chosen: LocalInput) -> Path:
    path = Path(chosen.path)
    now = local_input(path)
    if (now.size_bytes, now.modified_ns) != (chosen.size_bytes, chosen.modified_ns):
        raise ChangedFileError(
            say("{path} has changed since it was chosen.", path=path),
            "Nothing was computed with it, because it would not be the file you meant.",
            "Submit it again as it is now.",
        )
    return path


async def upload_all(
    api: Api,
    outbox: Outbox,
    target: str,
    chosen_files: Mapping[str, Sequence[LocalInput]],
    progress: Callable[[str, TransferProgress], None] | None,
) -> dict[str, tuple[InputFile, ...]]:
    """Bring files to the server, slot by slot; what is there already costs a question. Raises ChangedFileError and what `upload` raises."""
    inputs: dict[str, tuple[InputFile, ...]] = {}
    record = outbox.transfers(target)
    for slot, files in chosen_files.items():
        stored = []
        for chosen in files:
            if chosen.stored and chosen.copy_of is not None:
                stored.append(chosen.copy_of)
                continue
            path = await asyncio.to_thread(_unchanged, chosen)

            def tell(now: TransferProgress, name: str = chosen.name) -> None:
                if progress is not None:
                    progress(name, now)

            file = await upload(api, path, name=chosen.name, progress=tell, record=record)
            await asyncio.to_thread(_unchanged, chosen)
            copied = chosen.copy_of
            same = copied is not None and copied.sha256 == file.sha256
            stored.append(
                InputFile(
                    sha256=file.sha256,
                    name=chosen.name,
                    dialect=chosen.dialect,
                    origin=copied.origin if copied is not None and same else None,
                )
            )
        inputs[slot] = tuple(stored)
    return inputs
