"""A step that lacks a program says which would do, and how to get them."""

from pathlib import Path

import pytest

from zerosec_analyses.integration_sites.spec import ANALYSIS
from zerosec_server.api.errors import ApiError
from zerosec_server.settings import Settings
from zerosec_server.steps.programs_there import check_programs


def test_where_one_of_two_programs_would_do_both_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ApiError) as caught:
        check_programs(Settings(data_dir=tmp_path), ANALYSIS.step("read_mapping"))

    assert caught.value.title == "The program BWA-MEM2 / BWA is not installed on the server."
    assert "apt install bwa" in str(caught.value.hint)
