"""A column is read as the type the user gives it, or the cell that keeps it from being one is named."""

from pathlib import Path

import polars as pl
import pytest

from zerosec_shared.files import ColumnType, Dialect, InputFile
from zerosec_shared.tables import TableError, UnknownColumnError, detect, read_table, scan_table

TEXT = "code,day,size,plain\n007,20240131,1.5,1\n012,20240201,2,2\n,20240202,x,3\n"


def write(folder: Path, text: str = TEXT) -> Path:
    path = folder / "data.csv"
    path.write_text(text, encoding="utf-8")
    return path


def typed(path: Path, **types: ColumnType) -> Dialect:
    return detect(path, Dialect(types=types, detect=("kind", "encoding", "separator", "decimal"))).dialect


def test_codes_stay_text_with_their_zeros(tmp_path: Path) -> None:
    path = write(tmp_path)

    plain = read_table(path, detect(path).dialect).frame
    as_text = read_table(path, typed(path, code=ColumnType.TEXT)).frame

    assert plain["code"].to_list() == [7, 12, None]
    assert as_text["code"].to_list() == ["007", "012", None]
    assert as_text["plain"].to_list() == [1, 2, 3], "what was not named is read by its values"


def test_a_text_among_numbers_is_named_with_its_row(tmp_path: Path) -> None:
    path = write(tmp_path)

    with pytest.raises(TableError) as told:
        read_table(path, typed(path, size=ColumnType.NUMBER))

    assert told.value.title == "Column “size” cannot be read as numbers"
    assert told.value.detail == "Row 4 holds “x”."


def test_a_type_that_fits_changes_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path)
    missing = Dialect().missing

    dialect = typed(path, size=ColumnType.NUMBER).model_copy(update={"missing": (*missing, "x")})

    assert read_table(path, dialect).frame["size"].to_list() == [1.5, 2.0, None]


def test_dates_are_dates_or_the_row_that_is_none_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "when,what\n2024-01-31,1\n2024-02-01,2\nsoon,3\n")

    with pytest.raises(TableError) as told:
        read_table(path, typed(path, when=ColumnType.DATE))
    kept = write(tmp_path, "when,what\n2024-01-31,1\n2024-02-01,2\n")
    dates = read_table(kept, typed(kept, when=ColumnType.DATE)).frame["when"]

    assert told.value.detail == "Row 4 holds “soon”."
    assert dates.dtype == pl.Date


def test_numbers_of_a_typed_file_become_the_text_that_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    pl.DataFrame({"code": [7.0, 12.0, None], "size": [1.5, 2.0, 2.5]}).write_parquet(path)

    frame = read_table(path, typed(path, code=ColumnType.TEXT)).frame

    assert frame["code"].to_list() == ["7", "12", None]
    assert frame["size"].dtype == pl.Float64


def test_the_types_travel_with_the_file_and_do_not_fix_the_rest() -> None:
    given = {"sha256": "0" * 64, "name": "a.csv", "dialect": {"types": {"code": "text"}}}

    file = InputFile.model_validate(given)

    assert file.dialect is not None
    assert file.dialect.types == {"code": ColumnType.TEXT}
    assert "separator" in file.dialect.detect
    assert InputFile.model_validate_json(file.model_dump_json()) == file
    assert "types" not in Dialect().model_dump()


def test_a_type_for_a_column_that_is_not_there_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("code,size\n1,2\n")
    wrong = Dialect(types={"codes": ColumnType.TEXT})

    for read in (read_table, scan_table):
        with pytest.raises(UnknownColumnError) as told:
            read(path, wrong)
        assert told.value.columns == ("codes",)
        assert "'codes'" in told.value.detail
