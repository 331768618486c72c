"""The profiles that come with ZeroSec."""

from functools import cache
from importlib.resources import files

from zerosec_shared.profiles.model import Profile
from zerosec_shared.profiles.toml_file import read_profile

__all__ = ["SHIPPED", "shipped_profile"]

SHIPPED = ("generic", "deburring")


@cache
def shipped_profile(profile_id: str) -> Profile:
    """One of `SHIPPED`; KeyError for any other."""
    if profile_id not in SHIPPED:
        raise KeyError(profile_id)
    return read_profile(files(__package__ or "").joinpath(f"{profile_id}.toml").read_bytes())
