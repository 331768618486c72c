"""Bring the translation files up to date with the source texts, and compile them: `python packaging/translations.py`.

`--check` changes nothing and fails where a text is not in the files or has no Japanese.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "desktop" / "zerosec_desktop"
FOLDER = PACKAGE / "resources" / "translations"
FILES = {"ja": FOLDER / "zerosec_ja.ts", "en": FOLDER / "zerosec_en.ts"}
"""English has a file for its plurals alone."""


def program(name: str) -> str:
    """A tool that comes with PySide6, beside this interpreter."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is not here: it comes with pyside6-essentials.")
    return found


def update(target: Path, language: str) -> None:
    """Take in new texts and drop those that are gone; translations stay."""
    sources = sorted(str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*.py"))
    options = ["-pluralonly"] if language == "en" else []
    subprocess.run(
        [
            program("pyside6-lupdate"),
            *sources,
            *options,
            "-no-obsolete",
            "-locations",
            "none",
            "-ts",
            str(target),
        ],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def compile_file(source: Path, target: Path) -> None:
    """Make the file Qt reads."""
    subprocess.run(
        [program("pyside6-lrelease"), "-silent", str(source), "-qm", str(target)], check=True, cwd=ROOT
    )


def untranslated(file: Path) -> list[str]:
    """Texts without a finished translation, as "context: text"."""
    missing = []
    for context in ET.parse(file).getroot().iter("context"):  # noqa: S314 -- our own file
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") == "unfinished":
                missing.append(f"{context.findtext('name')}: {message.findtext('source')}")
    return missing


def texts(file: Path) -> set[tuple[str, str]]:
    """Every (context, source text) in a file."""
    return {
        (context.findtext("name") or "", message.findtext("source") or "")
        for context in ET.parse(file).getroot().iter("context")  # noqa: S314 -- our own file
        for message in context.iter("message")
    }


def check() -> list[str]:
    """What is wrong with the files, in words; nothing where all is well."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for language, file in FILES.items():
            fresh = Path(folder) / file.name
            shutil.copy(file, fresh)
            update(fresh, language)
            wrong += [
                f"{file.name} lacks “{text}” of {context}" for context, text in texts(fresh) - texts(file)
            ]
            wrong += [
                f"{file.name} holds “{text}”, gone from {context}"
                for context, text in texts(file) - texts(fresh)
            ]
            wrong += [f"{file.name}: not translated: {text}" for text in untranslated(file)]
            compiled = Path(folder) / "compiled.qm"
            compile_file(file, compiled)
            if compiled.read_bytes() != file.with_suffix(".qm").read_bytes():
                wrong.append(f"{file.with_suffix('.qm').name} is older than {file.name}")
    return wrong


def main() -> int:
    """Update and compile, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        wrong = check()
        print("\n".join(wrong) or "All texts are there and translated.")
        return 1 if wrong else 0
    for language, file in FILES.items():
        update(file, language)
        compile_file(file, file.with_suffix(".qm"))
        for text in untranslated(file):
            print(f"{file.name}: not translated: {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
