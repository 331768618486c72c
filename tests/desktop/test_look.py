"""The look: readable contrast in both palettes, every icon drawn, one place for colours, no blocking dialogs."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import zerosec_desktop
from zerosec_desktop.resources.icon import FOLDER, icon, pixmap
from zerosec_desktop.resources.stylesheet import stylesheet
from zerosec_desktop.resources.theme import ThemeChoice, theme
from zerosec_desktop.resources.tokens import DARK, LIGHT, Palette, contrast

SOURCES = sorted(Path(zerosec_desktop.__file__).parent.rglob("*.py"))
SCREENS = [path for path in SOURCES if not {"export", "views"} & set(path.parts)]
"""All but what draws data: figures for print have their own palette, and text over a heat map its own contrast."""
SURFACES = ("window", "surface", "raised", "sunken")


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable_on_every_surface(palette: Palette) -> None:
    low = {
        (text, surface): round(contrast(getattr(palette, text), getattr(palette, surface)), 2)
        for text in ("text", "muted", "faint", "accent", "success", "warning", "error")
        for surface in SURFACES
        if contrast(getattr(palette, text), getattr(palette, surface)) < 4.5
    }
    assert low == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable_on_its_own_soft_surface(palette: Palette) -> None:
    for text in ("accent", "success", "warning", "error"):
        assert contrast(getattr(palette, text), getattr(palette, f"{text}_soft")) >= 4.5, text
        assert contrast(palette.text, getattr(palette, f"{text}_soft")) >= 4.5, text
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.border_strong, palette.surface) >= 3.0, "edges of fields"


def test_the_style_sheet_takes_every_colour_from_the_tokens() -> None:
    source = (Path(zerosec_desktop.__file__).parent / "resources" / "stylesheet.py").read_text()
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b", source)
    assert "$" not in stylesheet(LIGHT)


def test_no_colour_is_written_outside_the_tokens() -> None:
    found = [
        f"{path.name}: {match}"
        for path in SCREENS
        if path.name != "tokens.py"
        for match in re.findall(r"[\"']#[0-9A-Fa-f]{6}[\"']", path.read_text())
    ]
    assert found == []


def test_no_style_sheet_is_scattered_in_widgets() -> None:
    found = [
        path.name for path in SCREENS if path.name != "theme.py" and "setStyleSheet(" in path.read_text()
    ]
    assert found == []


def test_nothing_blocks_the_loop_with_a_dialog() -> None:
    """`exec` in a coroutine on qasync kills other tasks for ever; dialogs are opened and call back. A drag has no other way."""
    allowed = {"dialogs.py", "on_thread.py"}
    wrong = re.compile(
        r"(?<!drag)\.exec\(|\.exec_\(|QMessageBox\.(question|information|warning|critical)|"
        r"QFileDialog\.get|QInputDialog\.get|processEvents"
    )
    found = [path.name for path in SOURCES if path.name not in allowed and wrong.search(path.read_text())]
    assert found == []


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.svg")))
def test_every_icon_draws_something(qapp: QApplication, name: str) -> None:
    image = pixmap(name, "text", 24).toImage()
    inked = sum(image.pixelColor(x, y).alpha() > 40 for x in range(24) for y in range(24))
    assert 10 < inked <= 576


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_a_sign_that_cannot_be_pressed_is_seen_to_be_so(qapp: QApplication, palette: Palette) -> None:
    def strongest(mode: QIcon.Mode) -> float:
        image = icon("undo", "muted").pixmap(QSize(40, 40), mode).toImage()
        inked = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return max(contrast(at.name(), palette.surface) for at in inked if at.alpha() == 255)

    theme.apply(ThemeChoice(palette.scheme.value))
    try:
        assert strongest(QIcon.Mode.Normal) > 1.5 * strongest(QIcon.Mode.Disabled)
    finally:
        theme.apply(ThemeChoice.LIGHT)


def test_icons_follow_the_theme_without_being_made_anew(qapp: QApplication) -> None:
    made = icon("play", "text")

    def colour() -> str:
        image = made.pixmap(QSize(32, 32)).toImage()
        inked = [
            image.pixelColor(x, y)
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        ]
        return inked[0].name().upper()

    try:
        assert colour() == LIGHT.text
        theme.apply(ThemeChoice.DARK)
        assert colour() == DARK.text
    finally:
        theme.apply(ThemeChoice.LIGHT)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_pictures_of_the_style_sheet_have_the_palettes_colours(palette: Palette) -> None:
    tokens = {"chevron-down": "muted", "chevron-up": "muted", "check": "on_accent", "minus": "on_accent"}
    for name, token in tokens.items():
        assert getattr(palette, token) in (FOLDER / palette.scheme / f"{name}.svg").read_text()
