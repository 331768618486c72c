"""Whole combination tables: files, profiles, conditions, previews, and what is refused before anything is written."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.conftest import ROOT
from tests.unit.combinations.conftest import Made, SilentReporter

from zerosec_analyses import large_files
from zerosec_analyses.combinations import method, space, space_on_disk
from zerosec_analyses.combinations.spec import CombinationParameters
from zerosec_analyses.excel_files import ExcelFiles
from zerosec_analyses.sdk import Context, InputError
from zerosec_shared.profiles import TablePurpose, facts_of, recognise, shipped_profile
from zerosec_shared.tables import read_table

FACTORS: dict[str, tuple[Any, ...]] = {
    "回転方向": (0, 1, 1), "送り速度": (300, 600, 300), "回転速度": (1000, 2000, 1000), "切込み量": (0.1, 0.3, 0.1),
    "突出し量": (5, 5, None), "載せ率": (None, None, "0.5, 0.7"), "パス数": (1, 2, 1),
}  # fmt: skip
PLAIN = 2 * 2 * 2 * 3 * 1 * 2 * 2


def test_every_file_holds_the_same_combinations(make: Callable[..., Made]) -> None:
    made = make({"x": (0.1, 0.3, 0.1), "材料": (None, None, "Steel, <A&B>")}, csv=True, excel=True)

    folder = made.folder / "tables"
    expected = [(x, m) for x in (0.1, 0.2, 0.3) for m in ("Steel", "<A&B>")]
    assert made.table.rows() == expected
    assert read_table(folder / "combinations.csv").frame.rows() == expected
    assert read_table(folder / "combinations.xlsx").frame.rows() == expected
    assert (folder / "combinations.csv").read_bytes() == (
        "\ufeffx,材料\n" + "".join(f"{x},{m}\n" for x, m in expected)
    ).encode()
    assert made.metrics == {"combinations": 6, "columns": 2}


def test_workbooks_are_split_at_the_row_limit(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": range(25), "b": [0.1] * 25})

    with ExcelFiles(tmp_path, "combinations", frame.columns, 25, rows_a_sheet=10) as files:
        for start in range(0, 25, 7):
            files.write(frame.slice(start, 7))

    assert [path.name for path in files.paths] == [f"combinations_00{n}.xlsx" for n in (1, 2, 3)]
    assert pl.concat([read_table(path).frame for path in files.paths]).equals(frame)


def test_the_deburring_profile_makes_a_list_of_candidates(make: Callable[..., Made], tmp_path: Path) -> None:
    made = make(FACTORS, profile="deburring", derived=True)

    table = made.table
    assert table.columns[:4] == ["A13", "A11", "A21", "A32"]
    assert table.columns[4:] == [
        "UPカット",
        "送り速度",
        "回転速度",
        "切込量",
        "突出量",
        "載せ率",
        "パス数",
        "加工時間",
    ]
    assert table.height == 4 * PLAIN
    assert (
        table.select(pl.sum_horizontal("A13", "A11", "A21", "A32")).to_series().to_list()
        == [1] * table.height
    )
    assert (table["加工時間"] == 6000 / table["送り速度"]).all()
    assert (
        "Variables were taken under the profile's names: 回転方向 → UPカット, 切込み量 → 切込量, 突出し量 → 突出量."
        in made.said
    )
    found = recognise(
        shipped_profile("deburring"), facts_of(read_table(made.folder / "tables" / "combinations.csv"))
    )
    assert found.purpose is TablePurpose.CANDIDATES
    assert found.missing == found.extra == ()


def test_brush_a13_keeps_to_its_diameters(make: Callable[..., Made]) -> None:
    made = make({**FACTORS, "直径": (None, None, "6, 15, 25")}, profile="deburring")

    seen = made.table.filter(pl.col("A13") == 1)["直径"].unique().sort().to_list()
    assert seen == [6, 15]
    assert made.metrics["combinations"] == (4 * 3 - 1) * PLAIN
    assert made.metrics["left_out"] == PLAIN


@pytest.mark.parametrize(
    ("brush", "members"),
    [
        ({"ブラシ": (None, None, "1, 4")}, {"A11", "A13"}),
        ({"ブラシ": (1, 2, 1)}, {"A11", "A21"}),
        ({"brush": (None, None, "A32,")}, {"A32"}),
        (dict.fromkeys(("A13", "A11", "A21", "A32"), (0, 1, 1)), {"A13", "A11", "A21", "A32"}),
        ({"A13": (0, 1, 1), "A11": (0, 0, None), "A21": (0, 1, 1), "A32": (0, 0, None)}, {"A13", "A21"}),
        ({"A21": (1, 1, None)}, {"A21"}),
    ],
)
def test_brushes_are_chosen_by_code_or_by_column(
    make: Callable[..., Made], brush: dict[str, tuple[Any, ...]], members: set[str]
) -> None:
    table = make({**brush, **FACTORS}, profile="deburring").table

    assert {name for name in ("A13", "A11", "A21", "A32") if table[name].max() == 1} == members
    assert table.height == len(members) * PLAIN
    assert table.columns[:4] == ["A13", "A11", "A21", "A32"]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"直径": (None, None, "6, 7")}, "cell B4: 7 is not among 6, 15, 25, 40, 60, 100."),
        ({"材料": (None, None, "Steel, Gold")}, "cell B4: Gold is not among Steel, Alumi."),
        ({"線材本数": (0, 2, 1)}, "cell B4: 0 is below 1."),
        ({"ブラシ": (1, 5, 1)}, "cell B4: 5 is no ブラシ."),
        ({"ブラシ": (1, 2, 1), "A11": (0, 1, 1)}, "ブラシ and A11 both say which ブラシ."),
        ({"切込量": (1, 2, 1), "切込み量": (1, 2, 1)}, "切込量 and 切込み量 both stand for 切込量."),
        ({"摩耗量": (1, 2, 1)}, "摩耗量 is filled in after the experiment and cannot be varied."),
        ({"加工時間": (1, 2, 1)}, "加工時間 is worked out from other columns and cannot be varied."),
        ({"A11": (0, 2, 1)}, "2 is neither 0 nor 1."),
    ],
)
def test_what_the_profile_does_not_allow_is_refused(
    make: Callable[..., Made], columns: dict[str, tuple[Any, ...]], sentence: str
) -> None:
    with pytest.raises(InputError) as raised:
        make(columns, profile="deburring")

    assert sentence in str(raised.value.title)


def test_a_profile_of_ones_own_is_applied(make: Callable[..., Made], tmp_path: Path) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(
        'id = "mine"\ntitles = { en = "Mine" }\n[[columns]]\nname = "temperature"\nrole = "factor"\naliases = ["温度"]\n'
        'maximum = 500\n[[rules]]\nformula = "temperature != 300"\n'
    )

    made = make({"温度": (100, 500, 100)}, own_profile=profile)

    assert made.table.to_dict(as_series=False) == {"temperature": [100, 200, 400, 500]}
    profile.write_text("no profile")
    with pytest.raises(InputError, match=r"mine\.toml is no profile"):
        make({"温度": (100, 500, 100)}, own_profile=profile)


def test_variables_come_from_the_form_alone_or_beside_the_sheet(make: Callable[..., Made]) -> None:
    alone = make(None, variables={"x": "0.1 to 0.3 by 0.1", "": ""})
    beside = make({"x": (1, 2, 1)}, variables={"材料": "Steel, Alumi"})

    assert alone.table["x"].to_list() == [0.1, 0.2, 0.3]
    assert beside.table.columns == ["x", "材料"]
    with pytest.raises(InputError, match="“Ｘ” is given twice"):
        make({"x": (1, 2, 1)}, variables={"Ｘ": "1, 2"})
    with pytest.raises(InputError, match="There is no variable yet"):
        make(None)


def test_conditions_leave_out_exactly_what_they_say(make: Callable[..., Made]) -> None:
    made = make(
        {"切込量": (0.1, 0.4, 0.1), "パス数": (1, 4, 1), "材料": (None, None, "Steel, Alumi")},
        keep="切込量 × パス数 ≦ 1.2",
        forbidden='材料 == "Alumi" and パス数 > 3\n\nパス数 == 2',
    )

    expected = [
        (round(0.1 * a, 1), p, m)
        for a in range(1, 5)
        for p in range(1, 5)
        for m in ("Steel", "Alumi")
        if a * p <= 12 and not (m == "Alumi" and p > 3) and p != 2
    ]
    assert made.table.rows() == expected
    assert made.metrics["left_out"] == 32 - len(expected)


@pytest.mark.parametrize(
    ("parameters", "title", "detail"),
    [
        (
            {"keep": "x >"},
            "The condition “x >” cannot be read.",
            "At character 4: The formula ends too early.",
        ),
        (
            {"forbidden": "speed > 1"},
            "The forbidden combination “speed > 1” does not fit",
            "There is no column “speed”",
        ),
        (
            {"keep": "x + 1"},
            "The condition “x + 1” does not fit",
            "The formula gives a number; needed is true or false.",
        ),
        ({"keep": "1 < 2"}, "The condition “1 < 2” names no variable.", ""),
        ({"keep": "x > 100"}, "No combination fulfils the conditions.", "Without conditions there are 3."),
        ({"max_combinations": 2}, "That makes 3 combinations; at most 2 are made.", ""),
    ],
)
def test_what_cannot_be_made_is_refused_before_a_file_is_written(
    make: Callable[..., Made], tmp_path: Path, parameters: dict[str, Any], title: str, detail: str
) -> None:
    with pytest.raises(InputError) as raised:
        make({"x": (1, 3, 1)}, **parameters)

    assert str(raised.value.title).startswith(title)
    assert detail in str(raised.value.detail)
    assert not (tmp_path / "out1" / "tables").exists()


@pytest.mark.parametrize("only_preview", [True, False])
def test_a_million_millions_are_refused_at_once_with_another_way(
    make: Callable[..., Made], only_preview: bool
) -> None:
    with pytest.raises(InputError) as raised:
        make({f"x{i}": (1, 100, 1) for i in range(6)}, only_preview=only_preview)

    assert raised.value.title == "That makes 1,000,000,000,000 combinations; at most 50,000,000 are made."
    assert "coordinate exchange" in raised.value.hint


def test_a_preview_counts_and_writes_nothing(make: Callable[..., Made]) -> None:
    made = make(FACTORS, profile="deburring", only_preview=True)

    assert made.metrics == {"combinations": 4 * PLAIN, "columns": 11}
    assert [view.id for view in made.result.views] == ["answer", "variables"]
    assert not (made.folder / "tables").exists()


def test_a_preview_that_cannot_count_says_so(make: Callable[..., Made]) -> None:
    columns = dict.fromkeys("abc", (1, 1000, 1))

    made = make(columns, keep="a + b + c == 1500", only_preview=True)

    (metric,) = made.result.metrics
    assert metric.value is None
    assert metric.note.startswith("At most 1,000,000,000;")


def test_a_largest_value_on_no_step_is_remarked_on(make: Callable[..., Made]) -> None:
    made = make({"x": (1, 10, 4)})

    assert made.said == ["x: 10 is on no step of 4 from 1; the last level is 9."]


def test_files_that_would_not_fit_are_refused(
    make: Callable[..., Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr(space_on_disk.shutil, "disk_usage", lambda _folder: usage)

    with pytest.raises(InputError, match=r"and the disk has 0\.0 GB free"):
        make({"x": (1, 100, 1)})


@pytest.mark.parametrize("file", ["combinations.csv", "combinations.parquet", "combinations.xlsx"])
def test_a_disk_that_fills_up_is_told_as_what_it_is(tmp_path: Path, file: str) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    (tmp_path / file).symlink_to(full)
    frame = pl.DataFrame({"x": range(100_000)})

    with pytest.raises(OSError) as raised:
        large_files.write_tables(
            iter([frame]),
            dict(frame.schema),
            tmp_path,
            100_000,
            lambda _rows, _rate: None,
            name="combinations",
            csv=True,
            excel=True,
        )

    assert raised.value.errno == errno.ENOSPC


def test_the_example_that_comes_along_is_a_list_of_candidates(make: Callable[..., Made]) -> None:
    made = make(ROOT / "examples" / "deburring_parameters.xlsx", profile="deburring")

    assert made.metrics == {"combinations": 27_000, "columns": 11}
    found = recognise(
        shipped_profile("deburring"), facts_of(read_table(made.folder / "tables" / "combinations.parquet"))
    )
    assert found.purpose is TablePurpose.CANDIDATES


def test_the_progress_tells_rows_rate_and_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[float | None, dict[str, Any]]] = []

    class Listening(SilentReporter):
        def progress(self, *args: Any) -> None:
            told.append((args[0], dict(args[3])))

    monkeypatch.setattr(method, "PROGRESS_S", 0.0)
    monkeypatch.setattr(space, "BATCH_ROWS", 1000)
    ctx = Context.for_notebook(tmp_path / "out")
    ctx._reporter = Listening()

    method.run(ctx, CombinationParameters(variables={"x": "1 to 100 by 1", "y": "1 to 100 by 1"}))

    writing_told = [(share, counters) for share, counters in told if "rows" in counters]
    assert [counters["rows"] for _, counters in writing_told] == list(range(1000, 10_001, 1000))
    assert [share for share, _ in writing_told] == pytest.approx([n / 10 for n in range(1, 11)])
    assert all(counters["rows_per_second"] > 0 for _, counters in writing_told)
    assert writing_told[-1][1]["seconds_left"] == 0


def test_the_same_parameters_give_the_same_bytes(make: Callable[..., Made]) -> None:
    variables = {"x": "1 to 1000 by 1", "y": "0.1 to 30 by 0.1", "z": "a, b"}

    first, second = (make(None, variables=variables, csv=False) for _ in range(2))

    assert first.metrics["combinations"] == 600_000
    names = [made.folder / "tables" / "combinations.parquet" for made in (first, second)]
    assert names[0].read_bytes() == names[1].read_bytes()
    table = first.table
    assert table.equals(table.sort("x", "y", "z"))
