"""External programs as they cross the wire: which are known here, where they were found, and what a job ran."""

from enum import StrEnum

from pydantic import Field

from zerosec_shared.analyses import AnalysisId, Citation, ProgramName
from zerosec_shared.contract import Contract, Name, Text
from zerosec_shared.translations import Worded

__all__ = ["FoundBy", "ProgramInfo", "RanProgram"]


class FoundBy(StrEnum):
    """How a program was found."""

    SETTINGS = "settings"
    PATH = "path"
    BUNDLED = "bundled"


class ProgramInfo(Worded):
    """An external program, and whether this server has it."""

    name: ProgramName
    title: Name
    summary: Text = ""
    found: bool
    found_by: FoundBy | None = None
    path: str = Field(default="", description="Where it lies on the server.")
    version: str = Field(default="", description="As it says itself; empty if it does not tell.")
    citations: tuple[Citation, ...] = ()
    help: Text = Field(default="", description="How to install it.")
    used_by: tuple[AnalysisId, ...] = ()


class RanProgram(Contract):
    """One program that a job ran, exactly as it was called. Paths begin at the job's own folder."""

    program: str = Field(max_length=200)
    version: str = Field(default="", max_length=200)
    arguments: tuple[str, ...] = Field(description="The whole list, the program itself first.")
    exit_code: int | None = Field(description="None: it was ended with the job, and did not end by itself.")
    seconds: float = Field(ge=0)
