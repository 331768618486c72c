"""Settings survive: written at one blow, read back, migrated, and a bad file is kept and said."""

import json
import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from zerosec_desktop.resources.theme import ThemeChoice
from zerosec_desktop.server_limits import ServerLimits
from zerosec_desktop.settings import VERSION, Language, Settings, SettingsStore
from zerosec_desktop.widgets.form.drafts import Draft, FormStore


def test_what_is_changed_is_there_at_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    with qtbot.waitSignal(store.changed):
        store.change(language="ja", theme=ThemeChoice.DARK, recent_files=(tmp_path / "摩耗量.csv",))
    again = SettingsStore(tmp_path / "settings.json").value
    assert again.language is Language.JAPANESE
    assert again.theme is ThemeChoice.DARK
    assert again.recent_files == (tmp_path / "摩耗量.csv",)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_a_change_to_the_same_writes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    store.change(language="ja")
    (tmp_path / "settings.json").unlink()
    store.change(language="ja")
    assert not (tmp_path / "settings.json").exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2, "scale_percent": 9000}', '{"version": 99}', '{"version": "x"}']
)
def test_a_bad_file_is_set_aside_and_the_defaults_hold(qtbot: QtBot, tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    store = SettingsStore(path)
    assert store.value == Settings()
    assert store.set_aside is not None
    assert store.set_aside.read_text() == text


def test_what_is_written_otherwise_is_read_as_what_it_means(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": 2, "scale_percent": "150", "notify_when_done": "no", "later": 1}))
    store = SettingsStore(path)
    assert (store.value.scale_percent, store.value.notify_when_done) == (150, False)
    assert store.set_aside is None


def test_a_file_of_the_first_version_is_migrated(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": 1, "scale": 1.5, "language": "ja"}))
    value = SettingsStore(path).value
    assert (value.version, value.scale_percent, value.language) == (VERSION, 150, Language.JAPANESE)


def test_a_folder_that_cannot_be_written_is_said_and_the_session_goes_on(
    qtbot: QtBot, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    store = SettingsStore(blocked / "settings.json")
    store.change(theme=ThemeChoice.DARK)
    assert store.value.theme is ThemeChoice.DARK
    assert store.write_problem is not None


def test_recent_files_are_few_and_the_newest_first(qtbot: QtBot, tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    for number in range(20):
        store.remember_file(tmp_path / f"{number}.csv")
    store.remember_file(tmp_path / "15.csv")
    names = [path.stem for path in store.value.recent_files]
    assert names[0] == "15"
    assert len(names) == len(set(names)) == 12


def test_limits_of_the_server_reach_it_by_its_environment_and_an_administrators_word_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ServerLimits.NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ZEROSEC_SLOTS", "3")
    limits = ServerLimits()

    limits.apply(Settings(server_slots=7, job_memory_gib=2, job_hours=5))
    assert os.environ["ZEROSEC_SLOTS"] == "3"
    assert os.environ["ZEROSEC_JOB_MEMORY_BYTES"] == str(2 * 1024**3)
    assert os.environ["ZEROSEC_JOB_WALL_TIME_S"] == "18000"

    limits.apply(Settings())
    assert "ZEROSEC_JOB_MEMORY_BYTES" not in os.environ
    assert "ZEROSEC_JOB_WALL_TIME_S" not in os.environ


def test_own_defaults_of_an_analysis_are_kept_beside_its_draft_and_can_be_taken_back(tmp_path: Path) -> None:
    store = FormStore(tmp_path)
    store.save_draft("linear", "fit", Draft(values={"target": "y"}))

    store.save_defaults("linear", "fit", {"method": "ridge"})
    kept = FormStore(tmp_path).load("linear", "fit")
    store.save_defaults("linear", "fit", None)

    assert kept.defaults == {"method": "ridge"}
    assert kept.draft is not None
    assert store.load("linear", "fit").defaults is None
