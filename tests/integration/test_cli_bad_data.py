"""Data that no model can be made of: from the command line each gets its reason in words, and nothing is left running or lost."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from tests.command import Command
from tests.conftest import RunningServer


@pytest.fixture
def zerosec(tmp_path: Path, shared_server: RunningServer) -> Command:
    return Command(tmp_path / "client", data_dir=shared_server.data_dir)


def lines(*rows: str) -> Callable[[Path], None]:
    return lambda path: path.write_text("\n".join(rows) + "\n", encoding="utf-8") and None


def numbered(row: Callable[[int], str]) -> Callable[[Path], None]:
    return lines("x,y", *(row(number) for number in range(20)))


def wide(path: Path) -> None:
    lines(
        ",".join([*(f"x{n}" for n in range(999)), "y"]),
        *(",".join(str((n * row) % 17) for n in range(1_000)) for row in range(12)),
    )(path)


def bomb(path: Path) -> None:
    """A workbook whose one sheet unpacks to a thousand times its size."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["x", "y"])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    blank = b" " * 2**20
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content + blank * 80 if name.endswith("sheet1.xml") else content)


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("empty.csv", lambda path: path.touch(), ("The file is empty", "no bytes")),
        ("zero.xlsx", lambda path: path.touch(), ("The file is empty", "no bytes")),
        ("header.csv", lines("x,y"), ("There are no data", "no row below")),
        ("one.csv", lines("x,y", "1,2"), ("one row only", "several rows")),
        ("missing.csv", numbered(lambda n: f"{n},"), ("“y” has no value in any row",)),
        ("constant.csv", numbered(lambda n: f"3,{n}"), ("“x” is 3 in all 20 rows",)),
        ("same.csv", numbered(lambda n: f"{n},5"), ("“y” is 5 in all 20 rows",)),
        (
            "text.csv",
            numbered(lambda n: f"{'broken' if n == 7 else n},{n}"),
            ("Row 9, column “x”: 'broken'",),
        ),
        ("twice.csv", lines("x,x,y", "1,2,3", "4,5,6"), ("occur twice", "'x' (columns 1, 2)")),
        ("wide.csv", wide, ("fewer rows (12) than coefficients (1,000)",)),
        ("bomb.xlsx", bomb, ("not safe to open", "unpacks to")),
    ],
)
def test_the_reason_is_said_in_words(
    tmp_path: Path, zerosec: Command, name: str, make: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    make(tmp_path / name)

    done = zerosec("run", "linear", name, "--target", "y", "--json", cwd=tmp_path)

    assert done.code == 1, done.err
    told = done.json
    assert told["status"] == "failed"
    assert told["failure"]["code"] == "input_invalid"
    said = " ".join(str(part) for part in told["failure"].values())
    assert [part for part in words if part not in said] == [], said
    assert "Traceback" not in done.err
    assert zerosec("jobs", "--json").json["jobs"][0]["id"] == told["job_id"]
