"""Two languages: every text is in the files, every one has its Japanese, and the placeholders are the same."""

import importlib.util
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QApplication

from zerosec_desktop.jobs import Phase
from zerosec_desktop.reading.errors import ReadingError
from zerosec_desktop.resources.language import TRANSLATIONS, apply_language, translate
from zerosec_desktop.wording import columns_text, duration, file_title, phase_title, rows_text
from zerosec_shared.files import InputFile

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    """The maintenance script, as a module."""
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_is_in_the_files_translated_and_compiled(translations: ModuleType) -> None:
    assert translations.check() == []


def test_a_translation_has_the_placeholders_of_its_source() -> None:
    wrong = []
    for message in ET.parse(TRANSLATIONS / "zerosec_ja.ts").getroot().iter("message"):
        source = message.findtext("source") or ""
        for translation in message.findall("translation"):
            texts = [form.text or "" for form in translation.findall("numerusform")] or [
                translation.text or ""
            ]
            wrong += [
                (source, text)
                for text in texts
                if set(re.findall(r"\{\w*\}|%L?n", source)) != set(re.findall(r"\{\w*\}|%L?n", text))
            ]
    assert wrong == []


def test_the_language_is_spoken_and_left_again(qapp: QApplication) -> None:
    try:
        apply_language("ja")
        assert phase_title(Phase.RUNNING) == "実行中"
        assert translate("StatusBar", "%Ln running", "", 2) == "2 件実行中"
        assert duration(200) == "3 分 20 秒"
        assert translate("PredictionsPanel", "%Ln row(s)", "", 20_250) == "20,250 行"
    finally:
        apply_language("en")
    assert phase_title(Phase.RUNNING) == "Running"
    assert translate("JobsScreen", "Delete %Ln run(s)?", "", 1) == "Delete 1 run?"
    assert translate("JobsScreen", "Delete %Ln run(s)?", "", 3) == "Delete 3 runs?"
    assert translate("PredictionsPanel", "%Ln row(s)", "", 20_250) == "20,250 rows"


def test_every_count_in_a_sentence_has_its_separators() -> None:
    texts = [
        message.findtext("source") or ""
        for message in ET.parse(TRANSLATIONS / "zerosec_ja.ts").iter("message")
    ]
    assert [text for text in texts if re.search(r"%n(?![a-z])", text)] == []


def test_a_file_that_a_program_named_is_called_what_it_is() -> None:
    known = InputFile(sha256="0" * 64, name="penguins.csv")
    stored = InputFile(sha256="0" * 64, name="01a2043b-37fe-7f64-8aea-e26ba0f9fe9a.toml")
    assert [file_title(file, "Profile") for file in (known, stored)] == ["penguins.csv", "Profile.toml"]


@pytest.mark.parametrize(
    ("language", "count", "rows", "columns"),
    [("en", 1, "1 row", "1 column"), ("en", 1_000, "1,000 rows", "1,000 columns"), ("ja", 1, "1 行", "1 列")],
)
def test_one_is_not_many(qapp: QApplication, language: str, count: int, rows: str, columns: str) -> None:
    apply_language(language)
    try:
        assert (rows_text(count), columns_text(count)) == (rows, columns)
    finally:
        apply_language("en")


def test_what_is_wrong_with_a_file_ends_with_the_full_stop_of_the_language(qapp: QApplication) -> None:
    wrong = ReadingError("表ではありません", "画像です。")
    try:
        apply_language("ja")
        assert str(wrong) == "表ではありません。 画像です。"
    finally:
        apply_language("en")
    assert str(ReadingError("Not a table", "It is a picture.")) == "Not a table. It is a picture."
