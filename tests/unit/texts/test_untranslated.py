"""The check for missing translations finds what it is for."""

import pkgutil
from pathlib import Path

import pytest

import zerosec_analyses
from zerosec_analyses.catalogue import COMMON_TEXTS
from zerosec_analyses.untranslated import flaws
from zerosec_shared.texts import texts_of

METHOD = """
from zerosec_analyses.sdk import Column, InputError, say

NAMES = {1: say("least squares")}

def run(ctx, params, name):
    ctx.warn("a", f"{name} is bad")
    ctx.metric("m", 1, label="A number", note="a" + name)
    ctx.progress(0.5, "Reading", "{} rows".format(3))
    ctx.warn("b", say("{rows} rows miss {column}", rows=1))
    ctx.warn("c", say(name))
    ctx.log("Good" if name else f"bad {name}")
    Column(name="x", label=name[:200])
    raise InputError("This cannot be used.", hint=name)
"""


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, method: str, japanese: str) -> list[str]:
    package = folder / name
    (package / "texts").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "method.py").write_text(method, encoding="utf-8")
    (package / "texts" / "ja.toml").write_text(japanese, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    return [f"{flaw.place.rpartition(':')[2]} {flaw.what}" for flaw in flaws(name)]


def test_sentences_nobody_could_translate_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = found(tmp_path, monkeypatch, "bad_sentences", METHOD, "")

    lines = {line.partition(" ")[0] for line in wrong if "no ja" not in line}
    assert lines == {"7", "8", "9", "10", "11", "12", "13"}


def test_every_missing_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = found(tmp_path, monkeypatch, "missing_texts", METHOD, '"Reading" = "読み込み"\n')

    missing = [line.partition("no ja: ")[2] for line in wrong if "no ja" in line]
    assert sorted(missing) == sorted(
        ['"least squares"', '"A number"', '"{rows} rows miss {column}"', '"Good"', '"This cannot be used."']
    )


@pytest.mark.parametrize(
    ("japanese", "what"),
    [
        ("{column} が足りません", "leaves out ['rows']"),
        ("{rows} 行 {column} {other}", "has other fields"),
        ("{rows:,} 行 {column}", "has other fields, or formats"),
    ],
)
def test_a_translation_has_the_fields_of_its_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, japanese: str, what: str
) -> None:
    method = (
        'from zerosec_analyses.sdk import say\nTEXT = say("{rows} rows miss {column}", rows=1, column="x")\n'
    )
    name = f"fields_{abs(hash(japanese))}"

    wrong = found(tmp_path, monkeypatch, name, method, f'"{{rows}} rows miss {{column}}" = "{japanese}"\n')

    assert any(what in line for line in wrong), wrong


@pytest.mark.parametrize(
    ("one", "what"),
    [
        ('"1 row misses {other}"', "has other fields"),
        ('"{rows} row misses {column}"', "leaves out no count"),
        ("NAME", "takes a literal"),
    ],
)
def test_words_for_one_thing_leave_out_its_count_and_nothing_else_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one: str, what: str
) -> None:
    method = (
        'from zerosec_analyses.sdk import say\nNAME = "a"\n'
        f'TEXT = say("{{rows}} rows miss {{column}}", one={one}, rows=1, column="x")\n'
    )
    name = f"one_{abs(hash(one))}"

    wrong = found(tmp_path, monkeypatch, name, method, '"{rows} rows miss {column}" = "{rows} 行 {column}"\n')

    assert len(wrong) == 1
    assert what in wrong[0]


def test_a_translation_of_nothing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(tmp_path, monkeypatch, "left_over", "", '"Gone" = "なし"\n') == [
        "texts/ja.toml 'Gone' is said nowhere"
    ]


ANALYSES = [f"zerosec_analyses.{m.name}" for m in pkgutil.iter_modules(zerosec_analyses.__path__) if m.ispkg]
PACKAGES = ["zerosec_shared", "zerosec_server", "zerosec_client", "zerosec_analyses", *ANALYSES]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_of_what_ships_has_its_japanese(package: str) -> None:
    helping = texts_of(*(name for name in COMMON_TEXTS if name != package))

    assert [str(flaw) for flaw in flaws(package, helping)] == []
