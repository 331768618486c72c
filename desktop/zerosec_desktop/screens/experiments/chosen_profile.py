"""A profile in a file the user has chosen. Nothing waits for the disk, and no more is read than a profile may have."""

import errno
import os
from pathlib import Path

from zerosec_desktop.own_thread import in_own_thread
from zerosec_shared.profiles import Profile, read_profile
from zerosec_shared.profiles.toml_file import MAX_PROFILE_BYTES

__all__ = ["chosen_profile"]


async def chosen_profile(path: Path) -> Profile:
    """The profile. Raises OSError, ProfileError."""

    def read() -> bytes:
        if not path.is_file():  # a pipe or device would never end
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        with path.open("rb") as file:
            return file.read(MAX_PROFILE_BYTES + 1)

    return read_profile(await in_own_thread(read, "read a profile"))
