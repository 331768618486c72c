"""Profiles as TOML files: read strictly, with every mistake said in a sentence; written so that they read back the same."""

import tomllib

import tomli_w
from pydantic import ValidationError

from zerosec_shared.profiles.model import Profile

__all__ = ["MAX_PROFILE_BYTES", "ProfileError", "read_profile", "write_profile"]

MAX_PROFILE_BYTES = 2**20


class ProfileError(ValueError):
    """A file that is no profile. `problems` holds one sentence for each mistake."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def read_profile(data: bytes) -> Profile:
    """A profile from the bytes of its TOML file. Raises ProfileError."""
    if len(data) > MAX_PROFILE_BYTES:
        raise ProfileError(
            (f"A profile has at most {MAX_PROFILE_BYTES:,} bytes; this file has {len(data):,}.",)
        )
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ProfileError(("The file is not UTF-8 text, as TOML files are.",)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProfileError((f"The file is no TOML: {str(error) or 'it is nested too deep'}.",)) from error
    if found.get("format", 1) != 1:
        raise ProfileError(
            (f"The profile is of format {found['format']}; this version of ZeroSec reads format 1.",)
        )
    try:
        return Profile.model_validate(found)
    except ValidationError as error:
        raise ProfileError(
            tuple(_sentence(problem["loc"], problem["msg"], found) for problem in error.errors())
        ) from error


def write_profile(profile: Profile) -> bytes:
    """The profile as TOML, UTF-8; what stands at its default is left out."""
    plain = profile.model_dump(mode="json", exclude_defaults=True)
    return tomli_w.dumps(
        {"format": profile.format, "id": profile.id, "version": profile.version, **plain}
    ).encode()


def _sentence(place: tuple[str | int, ...], message: str, found: dict[str, object]) -> str:
    """`columns 3 (切込量), step: Input should be greater than 0.`"""
    words: list[str] = []
    at: object = found
    for part in place:
        if isinstance(part, int):
            at = at[part] if isinstance(at, list) and part < len(at) else None
            name = at.get("name") if isinstance(at, dict) else None
            words[-1] += f" {part + 1}" + (f" ({name})" if isinstance(name, str) else "")
        else:
            at = at.get(part) if isinstance(at, dict) else None
            words.append(part)
    text = message.removeprefix("Value error, ").removesuffix(".")
    return f"{', '.join(words)}: {text}." if words else f"{text[:1].upper()}{text[1:]}."
