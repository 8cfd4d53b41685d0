"""A head that never lived: a CT phantom with skull, brain, ventricles and a small bleed, in Hounsfield units.

Plain functions of the place in millimetres; the slices are cut out of the same head in both studies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZE = 512
PIXEL_MM = 0.45
AIR, SKIN, BONE, MARROW = -1000, 30, 1250, 350
GREY_MATTER, WHITE_MATTER, FLUID, BLOOD = 38, 28, 6, 68

Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """An ellipsoid by centre and half axes in millimetres: x to the patient's left, y to the back, z to the head."""

    center: tuple[float, float, float]
    axes: tuple[float, float, float]

    def depth(self, x: Field, y: Field, z: float) -> Field:
        """1 on the surface, smaller inside."""
        return np.sqrt(
            ((x - self.center[0]) / self.axes[0]) ** 2
            + ((y - self.center[1]) / self.axes[1]) ** 2
            + np.float32((z - self.center[2]) / self.axes[2]) ** 2
        )


HEAD = Ellipsoid((0, 0, 0), (80, 98, 92))
SKULL = Ellipsoid((0, 0, 0), (75, 93, 87))
BRAIN = Ellipsoid((0, 0, 0), (68, 86, 80))
VENTRICLES = (
    Ellipsoid((-11, -6, 8), (7, 30, 13)),
    Ellipsoid((11, -6, 8), (7, 30, 13)),
    Ellipsoid((0, 10, -8), (4, 13, 9)),
)
EYES = (Ellipsoid((-32, -84, -28), (13, 13, 13)), Ellipsoid((32, -84, -28), (13, 13, 13)))
BLEED = Ellipsoid((30, 14, 6), (11, 15, 10))
SWELLING = Ellipsoid((30, 14, 6), (19, 24, 17))
CALCIFICATIONS = tuple(Ellipsoid(place, (3, 4, 3)) for place in ((-9, 32, 8), (9, 32, 8), (0, 22, 2)))


def head_slice(z: float, *, with_bleed: bool, seed: int, noise: float = 4.5) -> NDArray[np.int16]:
    """The slice at height `z` mm as 512 x 512 stored values, Hounsfield units + 1024."""
    millimetres = (np.arange(SIZE, dtype=np.float32) - (SIZE - 1) / 2) * PIXEL_MM
    x, y = np.meshgrid(millimetres, millimetres)
    hounsfield = np.full((SIZE, SIZE), AIR, np.float32)
    _fill(hounsfield, HEAD.depth(x, y, z) < 1, SKIN)
    skull = SKULL.depth(x, y, z)
    _fill(hounsfield, skull < 1, BONE)
    _fill(hounsfield, (skull < 0.972) & (skull > 0.945), MARROW)
    brain = BRAIN.depth(x, y, z)
    inside = brain < 1
    _fill(hounsfield, inside, FLUID)
    _brain(hounsfield, x, y, z, brain)
    for part in EYES:
        _fill(hounsfield, (part.depth(x, y, z) < 1) & ~inside, 12)
    for part in VENTRICLES:
        _fill(hounsfield, (part.depth(x, y, z) < 1) & inside, FLUID)
    for part in CALCIFICATIONS:
        _fill(hounsfield, part.depth(x, y, z) < 1, 140)
    if with_bleed:
        _fill(hounsfield, (SWELLING.depth(x, y, z) < 1) & (hounsfield < 45) & inside, 19)
        ragged = BLEED.depth(x, y, z) + 0.05 * np.sin(x * 0.31 + z * 0.4) + 0.05 * np.cos(y * 0.27 - x * 0.11)
        _fill(hounsfield, ragged < 1, BLOOD)
    blurred = _blur(hounsfield)
    grain = np.random.default_rng(seed).normal(0, noise, (SIZE, SIZE)).astype(np.float32)
    stored: NDArray[np.int16] = np.clip(np.rint(blurred + _blur(grain) * 1.8) + 1024, 0, 4095).astype(np.int16)
    return stored


def _brain(hounsfield: Field, x: Field, y: Field, z: float, depth: Field) -> None:
    """Cortex folded over white matter, a fissure between the halves, deep grey nuclei."""
    angle = np.arctan2(y, x)
    folds = 0.035 * np.sin(23 * angle + z * 0.13) + 0.02 * np.sin(41 * angle - z * 0.21)
    _fill(hounsfield, depth < 0.975 + folds * 0.6, GREY_MATTER)
    _fill(hounsfield, depth < 0.86 + folds, WHITE_MATTER)
    fissure = (np.abs(x + 0.8 * np.sin(y * 0.08)) < 0.9) & (depth > 0.55) & (depth < 1)
    _fill(hounsfield, fissure, FLUID + 4)
    for side in (-1, 1):
        _fill(hounsfield, Ellipsoid((side * 24, 2, 0), (9, 17, 11)).depth(x, y, z) < 1, GREY_MATTER)


def _fill(hounsfield: Field, where: NDArray[np.bool_], value: float) -> None:
    hounsfield[where] = value


def _blur(values: Field) -> Field:
    """A small separable blur: what a reconstruction kernel does to edges and to noise."""
    for axis in (0, 1):
        values = (np.roll(values, 1, axis) + 2 * values + np.roll(values, -1, axis)) / np.float32(4)
    return values
