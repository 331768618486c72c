"""docs/cli.md says what the command does: every exit code, command and setting is described."""

import re

from tests.conftest import ROOT

from zerosec_client.cli.entry import _parser
from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.settings import NAMES

DOCUMENT = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def test_the_table_of_exit_codes_is_the_code() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", DOCUMENT, re.MULTILINE)

    assert {name: int(code) for code, name in rows} == {code.name: code.value for code in ExitCode}


def test_every_command_is_described() -> None:
    (commands,) = (action.choices for action in _parser()._actions if action.dest == "command")

    assert commands
    missing = [name for name in commands if f"zerosec {name}" not in DOCUMENT]
    assert missing == []


def test_every_setting_that_is_read_is_described() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "client" / "zerosec_client").rglob("*.py")
    )

    read = set(re.findall(r'setting\(\s*"(ZEROSEC_[A-Z_]+)"', source))

    assert read
    assert read <= set(NAMES)
    assert {name for name in NAMES if f"`{name}`" not in DOCUMENT} == set()
