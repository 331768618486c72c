"""Parameters as rows: exact round trip, and found by what a person writes."""

import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue
from sqlalchemy import insert, select

from zerosec_server.database.connection import Database
from zerosec_server.database.parameters import parameter_is, read_parameters, write_parameters
from zerosec_server.database.tables import run_parameters, runs
from zerosec_shared.ids import new_id

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values: st.SearchStrategy[JsonValue] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


def make_run(database: Database) -> str:
    run_id = str(new_id())
    row = {
        "id": run_id,
        "owner": "o",
        "analysis": "a",
        "analysis_version": "1.0.0",
        "name": "n",
        "pinned": False,
    }
    database.write(
        lambda c: c.execute(insert(runs), {**row, "request_digest": "0" * 64, "created_at": 0.0}).close()
    )
    return run_id


def same(one: JsonValue, other: JsonValue) -> bool:
    """Equal to the type and the sign of zero."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.dictionaries(texts, values, max_size=6))
def test_what_is_written_is_read(database: Database, parameters: dict[str, JsonValue]) -> None:
    run_id = make_run(database)

    database.write(lambda c: write_parameters(c, run_parameters, run_id, parameters))

    assert same(database.read(lambda c: read_parameters(c, run_parameters, run_id)), parameters)


@pytest.mark.parametrize(
    "value",
    [
        -0.0,
        0.0,
        1.0,
        1,
        2**53 + 1,
        -(2**63),
        10**400,
        5e-324,
        1.7976931348623157e308,
        "",
        "null",
        [],
        [[]],
        {},
        [None],
    ],
)
def test_edges_of_the_round_trip(database: Database, value: JsonValue) -> None:
    run_id = make_run(database)

    database.write(lambda c: write_parameters(c, run_parameters, run_id, {"x": value}))

    assert same(database.read(lambda c: read_parameters(c, run_parameters, run_id)), {"x": value})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, [math.nan]])
def test_what_is_no_number_is_refused(database: Database, value: JsonValue) -> None:
    run_id = make_run(database)

    with pytest.raises(ValueError, match="finite"):
        database.write(lambda c: write_parameters(c, run_parameters, run_id, {"x": value}))


@pytest.mark.parametrize(
    ("value", "found_by", "not_by"),
    [
        ("hg38", ["hg38"], ["HG38", "hg", "hg38 "]),
        (5, ["5", "5.0"], ["05x", "true"]),
        (2**60, [str(2**60)], ["1"]),
        (0.1, ["0.1", "1e-1"], ["0.10001"]),
        (True, ["true"], ["1", "True", "false"]),
        (None, ["null"], ["None", "", "0"]),
        ("5", ["5"], ["5.0"]),
        (["a", "b"], ["a", "b"], ["2", "ab"]),
        ([1, 2, 3], ["1", "3"], ["4"]),
    ],
)
def test_a_parameter_is_found_by_what_a_person_writes(
    database: Database, value: JsonValue, found_by: list[str], not_by: list[str]
) -> None:
    run_id = make_run(database)
    database.write(lambda c: write_parameters(c, run_parameters, run_id, {"x": value, "other": "noise"}))

    def found(text: str) -> bool:
        wanted = select(runs.c.id).where(parameter_is(run_parameters, runs.c.id, "x", text))
        return database.read(lambda c: c.execute(wanted).scalar_one_or_none()) == run_id

    assert [text for text in found_by if not found(text)] == []
    assert [text for text in not_by if found(text)] == []
