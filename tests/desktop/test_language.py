"""Two languages: every text is in the files, every one has its Japanese, and the placeholders are the same."""

import importlib.util
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QApplication

from zerosec_desktop.jobs import Phase
from zerosec_desktop.resources.language import TRANSLATIONS, apply_language, translate
from zerosec_desktop.wording import duration, phase_title

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
                if set(re.findall(r"\{\w*\}|%n", source)) != set(re.findall(r"\{\w*\}|%n", text))
            ]
    assert wrong == []


def test_the_language_is_spoken_and_left_again(qapp: QApplication) -> None:
    try:
        apply_language("ja")
        assert phase_title(Phase.RUNNING) == "実行中"
        assert translate("StatusBar", "%n running", "", 2) == "2 件実行中"
        assert duration(200) == "3 分 20 秒"
    finally:
        apply_language("en")
    assert phase_title(Phase.RUNNING) == "Running"
    assert translate("JobsScreen", "Delete %n run(s)?", "", 1) == "Delete 1 run?"
    assert translate("JobsScreen", "Delete %n run(s)?", "", 3) == "Delete 3 runs?"
