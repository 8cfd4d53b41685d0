"""Words on a picture: readable on every ground, in the script of the name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
MOST_CHARACTERS = 2_000
_NO_LETTER = "\U000f0000"  # A private one, in whose place a face draws what it draws for all that it lacks.
_FONTS = Path("/usr/share/fonts")
# The first character that the built-in face lacks decides; each name is looked for under the system's fonts.
_FACES = {
    "CJK": ("NotoSansCJK-Regular.ttc",),
    "HIRAGANA": ("NotoSansCJK-Regular.ttc",),
    "KATAKANA": ("NotoSansCJK-Regular.ttc",),
    "HANGUL": ("NotoSansCJK-Regular.ttc",),
    "ARABIC": ("NotoSansArabic-Regular.ttf", "DejaVuSans.ttf"),
    "HEBREW": ("NotoSansHebrew-Regular.ttf", "DejaVuSans.ttf"),
    "THAI": ("NotoSansThai-Regular.ttf",),
    "DEVANAGARI": ("NotoSansDevanagari-Regular.ttf",),
    "GREEK": ("NotoSans-Regular.ttf", "DejaVuSans.ttf"),
    "CYRILLIC": ("NotoSans-Regular.ttf", "DejaVuSans.ttf"),
}


@dataclass(frozen=True, slots=True)
class Lettering:
    """Letters of one size, in pixels."""

    size: int

    @classmethod
    def for_picture(cls, rows: int, columns: int) -> Lettering:
        """Letters that can be read on a picture of that size."""
        return cls(max(10, min(64, round(min(rows, columns) / 36))))

    def write(
        self, picture: Picture, words: str, at: tuple[float, float], grey: int, *, width: float = 0, align: str = "left"
    ) -> Picture:
        """The picture with the words, their upper left corner at `at`, or set within `width` by `align`."""
        canvas = Image.fromarray(picture)
        draw = ImageDraw.Draw(canvas)
        color = grey if canvas.mode == "L" else (grey,) * 3
        edge = (0 if grey > 127 else 255) if canvas.mode == "L" else ((0 if grey > 127 else 255),) * 3
        x, y = at
        for line in words[:MOST_CHARACTERS].split("\n"):
            font = font_for(line, self.size)
            free = max(0.0, width - draw.textlength(line, font=font))
            indent = {"left": 0.0, "center": free / 2, "right": free}[align]
            draw.text(
                (x + indent, y), line, fill=color, font=font, stroke_width=max(1, self.size // 12), stroke_fill=edge
            )
            y += self.line_height
        return np.array(canvas)

    @property
    def line_height(self) -> float:
        """Pixels from one line to the next."""
        return self.size * 1.3


def can_write(words: str) -> bool:
    """Whether a face for the script of the words is there."""
    return _face(words) is not None


def font_for(words: str, size: int) -> Font:
    """A font that has the letters of the words, as far as the machine has one."""
    face = _face(words)
    return ImageFont.load_default(size) if not face else _loaded(face, size)


def _face(words: str) -> str | None:
    """The face's file, empty for the built-in one, None where there is none for the script."""
    for letter in words:
        if ord(letter) < 0x250 or not letter.isalpha():
            continue
        script = unicodedata.name(letter, "").split(" ")[0]
        names = _FACES.get("CJK" if script.startswith("CJK") else script, ("NotoSans-Regular.ttf", "DejaVuSans.ttf"))
        paths = [path for name in names if (path := _path(name))]
        # Faces of one script often lack punctuation and the letters of others.
        return min(paths, key=lambda path: sum(_lacks(path, one) for one in set(words))) if paths else None
    return ""


@cache
def _lacks(path: str, letter: str) -> bool:
    font = _loaded(path, 16)
    return not letter.isspace() and bytes(font.getmask(letter)) == bytes(font.getmask(_NO_LETTER))


@cache
def _path(name: str) -> str | None:
    return next((str(path) for path in sorted(_FONTS.rglob(name))), None) if _FONTS.is_dir() else None


@cache
def _loaded(path: str, size: int) -> Font:
    return ImageFont.truetype(path, size)
