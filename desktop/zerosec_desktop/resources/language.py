"""The language of the window: Qt's translation files, ours and Qt's own, and the words that must follow it."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from zerosec_desktop.resources.theme import theme
from zerosec_shared.texts import speak

__all__ = ["TRANSLATIONS", "apply_language", "in_quotes", "resolve", "translate"]

TRANSLATIONS = Path(__file__).parent / "translations"
_installed: list[QTranslator] = []

translate = QCoreApplication.translate
"""`translate("Context", "text")`, for texts outside a QObject; within one it is `self.tr("text")`."""


def in_quotes(names: Iterable[str]) -> str:
    """Names in a row, each in the quotes of the language."""
    return ", ".join(translate("Quotes", "“{0}”").format(name) for name in names)


def resolve(choice: str) -> str:
    """The language code for a choice: itself, or for "system" what the system speaks, if we do too."""
    if choice != "system":
        return choice
    return "ja" if QLocale.system().language() == QLocale.Language.Japanese else "en"


def apply_language(choice: str) -> str:
    """Speak a language from now on; returns its code. Widgets made before keep their texts."""
    language = resolve(choice)
    speak(language, "zerosec_client")
    application = QCoreApplication.instance()
    assert application is not None
    for old in _installed:
        application.removeTranslator(old)
    _installed.clear()
    places = (
        (f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        (f"zerosec_{language}", str(TRANSLATIONS)),
    )
    for name, folder in places:
        translator = QTranslator(application)
        if translator.load(name, folder):
            application.installTranslator(translator)
            _installed.append(translator)
    theme.set_font(language)
    return language
