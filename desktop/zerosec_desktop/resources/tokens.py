"""Design tokens: spacing, type scale, colours. The one place where a number or a colour of the look is written."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["DARK", "LIGHT", "Palette", "Radius", "Space", "TypeScale", "contrast"]


class Space:
    """The 8 px grid, with halves for what belongs together."""

    HAIR = 2
    TINY = 4
    SMALL = 8
    MEDIUM = 16
    LARGE = 24
    XLARGE = 32
    XXLARGE = 48


class Radius:
    """Corner radii."""

    SMALL = 4
    MEDIUM = 6
    LARGE = 10


class TypeScale:
    """Sizes in px. Weights: 400 for text, 600 for headings and what is strong."""

    CAPTION = 12
    BODY = 14
    SUBTITLE = 16
    TITLE = 20
    DISPLAY = 28


class Control:
    """Heights of controls and icons in px."""

    HEIGHT = 32
    HEIGHT_LARGE = 40
    ROW = 32
    ICON = 16
    ICON_LARGE = 20


class Scheme(StrEnum):
    """Which of the two palettes."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Palette:
    """Colours by what they are for, as #RRGGBB. Text colours hold 4.5 : 1 on every surface (tested)."""

    scheme: Scheme
    window: str
    """Behind everything."""
    surface: str
    """Cards, tables, fields."""
    raised: str
    """Menus, toasts, the palette."""
    sunken: str
    """Navigation, headers, tracks."""
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_soft: str
    on_accent: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str
    plot: tuple[str, ...]
    """Series colours of plots: distinguishable in colour-blind vision (after Okabe and Ito, 2008)."""


LIGHT = Palette(
    scheme=Scheme.LIGHT,
    window="#F7F8FA",
    surface="#FFFFFF",
    raised="#FFFFFF",
    sunken="#EFF1F5",
    hover="#E6E9F0",
    border="#DFE3EA",
    border_strong="#868FA2",
    text="#1B2130",
    muted="#525C70",
    faint="#626C81",
    accent="#3558D6",
    accent_hover="#2B4ABD",
    accent_pressed="#223CA0",
    accent_soft="#E7ECFC",
    on_accent="#FFFFFF",
    success="#14713F",
    success_soft="#E2F3E9",
    warning="#855000",
    warning_soft="#FCF0D8",
    error="#B62536",
    error_soft="#FCE8EA",
    plot=("#3558D6", "#D55E00", "#009E73", "#B3539A", "#8A6D00", "#2E9BD6", "#5B5F6B"),
)

DARK = Palette(
    scheme=Scheme.DARK,
    window="#14171D",
    surface="#1B1F27",
    raised="#242934",
    sunken="#101319",
    hover="#2A303C",
    border="#2D333F",
    border_strong="#6C768B",
    text="#E8EBF1",
    muted="#A9B2C2",
    faint="#939DAF",
    accent="#8FA8FF",
    accent_hover="#A8BCFF",
    accent_pressed="#7893F7",
    accent_soft="#27304F",
    on_accent="#0F1530",
    success="#62CE95",
    success_soft="#17301F",
    warning="#F0BC60",
    warning_soft="#382B12",
    error="#FF949C",
    error_soft="#3D2024",
    plot=("#8FA8FF", "#F28E4B", "#4CC9A0", "#DD8FC8", "#D9BC4A", "#6CC3F2", "#AEB4C0"),
)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)
