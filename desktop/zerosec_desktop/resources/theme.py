"""The theme of the running app: one palette of the two, as QPalette, font and a single generated style sheet."""

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from zerosec_desktop.resources.stylesheet import stylesheet
from zerosec_desktop.resources.tokens import DARK, LIGHT, Palette, Scheme, TypeScale

__all__ = ["Theme", "ThemeChoice", "theme"]

_PICTURES = Path(__file__).parent / "icons"
"""Pictures the style sheet names, already in the colours of each palette."""

_FAMILIES = {
    "ja": ("Hiragino Sans", "Yu Gothic UI", "Meiryo UI", "Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic"),
    "": ("Inter", "SF Pro Text", "Segoe UI", "Noto Sans CJK JP", "Noto Sans", "DejaVu Sans"),
}
_MONOSPACE = ("JetBrains Mono", "SF Mono", "Cascadia Mono", "Noto Sans Mono CJK JP", "DejaVu Sans Mono")


class ThemeChoice(StrEnum):
    """What the user asks for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Applies a palette to the application and says when it changed; icons and plots draw themselves anew."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette = LIGHT
        self.choice = ThemeChoice.SYSTEM
        self._applied = False

    def apply(self, choice: ThemeChoice) -> None:
        """Wear a theme from now on."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.choice = choice
        wanted = self._resolve()
        if self._applied and wanted is self.palette:
            return
        if not self._applied:
            self._applied = True
            application.setStyle(QStyleFactory.create("Fusion"))
            application.setEffectEnabled(Qt.UIEffect.UI_AnimateMenu, False)
            hints = QGuiApplication.styleHints()
            hints.colorSchemeChanged.connect(self._system_changed)
        self.palette = wanted
        application.setPalette(_qpalette(wanted))
        application.setStyleSheet(stylesheet(wanted, _PICTURES.as_posix()))
        self.changed.emit()

    def set_font(self, language: str) -> None:
        """Wear the font of a language: its own letters first, then whatever the system falls back to."""
        families = [*_FAMILIES.get(language, ()), *_FAMILIES[""]]
        font = QFont()
        font.setFamilies(installed(families) or [QFont().defaultFamily()])
        font.setPixelSize(TypeScale.BODY)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        QApplication.setFont(font)
        QLocale.setDefault(QLocale(language) if language == "ja" else QLocale("en_GB"))

    @property
    def dark(self) -> bool:
        """Whether the dark palette is worn."""
        return self.palette.scheme is Scheme.DARK

    def colour(self, token: str) -> QColor:
        """The colour of a token (`"accent"`, `"muted"`, …)."""
        value: str = getattr(self.palette, token)
        return QColor(value)

    def _resolve(self) -> Palette:
        if self.choice is ThemeChoice.LIGHT:
            return LIGHT
        if self.choice is ThemeChoice.DARK:
            return DARK
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme is Qt.ColorScheme.Dark else LIGHT

    def _system_changed(self) -> None:
        if self.choice is ThemeChoice.SYSTEM:
            self.apply(self.choice)


theme = Theme()
"""The one theme of the process."""


def installed(families: list[str]) -> list[str]:
    """Those of these font families that this system has, in their order."""
    return [family for family in dict.fromkeys(families) if QFontDatabase.hasFamily(family)]


def monospace() -> QFont:
    """A font of equal widths, for logs and paths."""
    font = QFont()
    font.setFamilies(installed(list(_MONOSPACE)) or ["monospace"])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPixelSize(TypeScale.CAPTION + 1)
    return font


def _qpalette(colours: Palette) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.window,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.faint,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.error,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
        QPalette.ColorRole.Highlight: colours.accent_soft,
        QPalette.ColorRole.HighlightedText: colours.text,
        QPalette.ColorRole.Light: colours.raised,
        QPalette.ColorRole.Midlight: colours.hover,
        QPalette.ColorRole.Mid: colours.border,
        QPalette.ColorRole.Dark: colours.border_strong,
        QPalette.ColorRole.Shadow: colours.sunken,
        QPalette.ColorRole.Accent: colours.accent,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return palette
