"""How the printed figures of every analysis look: their colours, fonts and lines, the same in PNG and SVG."""

from functools import cache
from typing import Any

from matplotlib import font_manager

__all__ = ["ACCENT", "ALARM", "QUIET", "has_glyphs_for", "picture_style"]

ACCENT, QUIET, ALARM = "#2563a8", "#8a8f98", "#b3402a"
CJK_FONTS = (
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "IPAexGothic",
    "Yu Gothic",
    "Meiryo",
    "MS Gothic",
    "Hiragino Sans",
    "Hiragino Kaku Gothic ProN",
    "Droid Sans Fallback",
    "WenQuanYi Zen Hei",
)


@cache
def _font_families() -> tuple[str, ...]:
    known = {font.name for font in font_manager.fontManager.ttflist}
    return ("DejaVu Sans", *(name for name in CJK_FONTS if name in known))


def has_glyphs_for(text: str) -> bool:
    """Whether the fonts found can draw Japanese, Chinese or Korean text, if ``text`` has any."""
    return all(ord(sign) < 0x2E80 for sign in text) or len(_font_families()) > 1


def picture_style() -> Any:
    """The settings of a figure, for `matplotlib.rc_context`."""
    return {
        "font.family": list(_font_families()),
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.color": "#e4e6ea",
        "grid.linewidth": 0.6,
        "axes.axisbelow": True,
        "axes.unicode_minus": False,
        "svg.hashsalt": "zerosec",
        # Without a font for every sign, text stays text: the reader's own fonts draw it.
        "svg.fonttype": "path" if len(_font_families()) > 1 else "none",
        "text.parse_math": False,
    }
