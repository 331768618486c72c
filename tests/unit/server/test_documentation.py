"""What is not documented does not pass: endpoints in docs/api.md, settings in .env.example."""

import re
from pathlib import Path

import pytest
from tests.conftest import ROOT

from zerosec_server.api.errors import STATUS
from zerosec_server.app import create_app
from zerosec_server.settings import Settings

API_GUIDE = ROOT / "docs" / "api.md"
ENV_EXAMPLE = ROOT / ".env.example"


@pytest.fixture
def endpoints(tmp_path: Path) -> set[str]:
    settings = Settings(data_dir=tmp_path)
    settings.token_path.write_text("only for its document", encoding="ascii")
    paths = create_app(settings).openapi()["paths"]
    return {f"{method.upper()} {path}" for path, operations in paths.items() for method in operations}


def test_every_endpoint_is_described_and_nothing_else(endpoints: set[str]) -> None:
    described = set(
        re.findall(r"^\| `([A-Z]+ /\S+)` \|", API_GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert described == endpoints


def test_every_problem_code_is_described_with_its_status() -> None:
    rows = re.findall(r"^\| (\d{3}) \| (.+) \|$", API_GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    described = {code: int(status) for status, codes in rows for code in re.findall(r"`([a-z_]+)`", codes)}

    assert described == {code.value: status for code, status in STATUS.items()}


def test_every_setting_is_in_the_example_with_its_description() -> None:
    example = ENV_EXAMPLE.read_text(encoding="utf-8")

    assert set(re.findall(r"^# ZEROSEC_([A-Z_]+)=", example, re.MULTILINE)) == {
        name.upper() for name in Settings.model_fields
    }
    for name, setting in Settings.model_fields.items():
        assert setting.description, name
        assert setting.description in example, name


def test_the_example_can_be_used_as_it_stands(tmp_path: Path) -> None:
    uncommented = re.sub(r"^# (ZEROSEC_)", r"\1", ENV_EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (tmp_path / ".env").write_text(uncommented, encoding="utf-8")

    settings = Settings(_env_file=tmp_path / ".env")

    assert settings.queue_limit == Settings.model_fields["queue_limit"].default
