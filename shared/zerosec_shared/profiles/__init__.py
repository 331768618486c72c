"""Profiles: what the columns of a laboratory's tables are called, hold and are for. docs/profiles.md explains them.

`read_profile` and `write_profile` are the TOML files, `shipped_profile` the two that come along; `recognise` says what a
table is by a profile; `RowReader` reads its rows.
"""

from zerosec_shared.profiles.as_meant import as_meant, texts_as_meant
from zerosec_shared.profiles.facts import ColumnFacts, facts_of
from zerosec_shared.profiles.headings import CRITERION
from zerosec_shared.profiles.infer import ROLE_WORDS, InferredRole, infer_profile
from zerosec_shared.profiles.model import ColumnRole, OneHotGroup, Profile, ProfileColumn, Rule, ValueKind
from zerosec_shared.profiles.recognise import Match, Recognition, TablePurpose, recognise
from zerosec_shared.profiles.rows import (
    CellProblem,
    CellValue,
    ProfileRow,
    RowReader,
    read_cell,
    to_date,
)
from zerosec_shared.profiles.sheets import recognised_sheet
from zerosec_shared.profiles.shipped import SHIPPED, shipped_profile
from zerosec_shared.profiles.toml_file import ProfileError, read_profile, write_profile

__all__ = [
    "CRITERION",
    "ROLE_WORDS",
    "SHIPPED",
    "CellProblem",
    "CellValue",
    "ColumnFacts",
    "ColumnRole",
    "InferredRole",
    "Match",
    "OneHotGroup",
    "Profile",
    "ProfileColumn",
    "ProfileError",
    "ProfileRow",
    "Recognition",
    "RowReader",
    "Rule",
    "TablePurpose",
    "ValueKind",
    "as_meant",
    "facts_of",
    "infer_profile",
    "read_cell",
    "read_profile",
    "recognise",
    "recognised_sheet",
    "shipped_profile",
    "texts_as_meant",
    "to_date",
    "write_profile",
]
