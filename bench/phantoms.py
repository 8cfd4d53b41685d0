"""Pictures with the look of each kind of examination: smooth anatomy under noise, which makes lossless files large."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

US_FRAMES = 120
US_ROWS, US_COLUMNS = 480, 640


def ct(index: int) -> NDArray[np.int16]:
    """An abdomen's slice of 512 x 512, stored as HU + 1024; compressed without loss it takes about 180 KB."""
    picture = np.full((512, 512), 24, np.float32)
    turn = index * 7 % 60
    _ellipse(picture, (256, 262), (200, 150), 0, 974)
    _ellipse(picture, (256, 262), (188, 138), 0, 1064)
    _ellipse(picture, (185, 235), (70, 80), 20 + turn, 1124)
    _ellipse(picture, (320, 220), (50, 32), turn, 224)
    _ellipse(picture, (256, 345), (28, 24), 0, 1424)
    _ellipse(picture, (256, 312), (12, 12), 0, 1190)
    for side in (170, 342):
        _ellipse(picture, (side, 320), (26, 38), turn, 1164)
    return _noisy(picture, 2.0, 8.5, index, (0, 4095)).astype(np.int16)


def mr(index: int) -> NDArray[np.uint16]:
    """A head's slice of 256 x 256 in 12 bits."""
    picture = np.full((256, 256), 10, np.float32)
    _ellipse(picture, (128, 128), (92, 112), 0, 900)
    _ellipse(picture, (128, 128), (84, 104), 0, 180)
    _ellipse(picture, (128, 128), (78, 98), 0, 560)
    for side in (-1, 1):
        _ellipse(picture, (128 + side * 14, 118 + index % 9), (9, 34), side * 12, 1150)
    return _noisy(picture, 1.2, 9.0, index, (0, 4095)).astype(np.uint16)


def dx(index: int) -> NDArray[np.uint16]:
    """A chest of 3000 x 2500 in 14 bits."""
    picture = np.full((3000, 2500), 9000, np.float32)
    _ellipse(picture, (1250, 1700), (1100, 1500), 0, 5600)
    for side in (-1, 1):
        _ellipse(picture, (1250 + side * 520, 1350), (400, 850), side * 6, 9600)
        for rib in range(8):
            arc = (1250 + side * 520, 700 + rib * 190 + index * 3)
            cv2.ellipse(picture, arc, (430, 120), side * 12.0, 180, 360, 8300.0, 34)
    _ellipse(picture, (1370, 1720), (360, 420), 25, 4300)
    return _noisy(picture, 14.0, 14.0, index, (0, 16383)).astype(np.uint16)


def mg(index: int) -> NDArray[np.uint16]:
    """A breast of 5000 x 4000 in 12 bits, air beside it."""
    picture = np.zeros((5000, 4000), np.float32)
    _ellipse(picture, (0, 2500), (2700, 2150), 0, 1400)
    spots = np.random.default_rng(1000 + index)
    for _ in range(60):
        place = int(spots.integers(0, 2200)), int(spots.integers(900, 4100))
        size = int(spots.integers(60, 420)), int(spots.integers(40, 260))
        _ellipse(picture, place, size, float(spots.integers(180)), float(spots.integers(1500, 2600)))
    air = picture == 0
    noisy = _noisy(picture, 10.0, 9.0, index, (0, 4095))
    noisy[air] = 0
    return noisy.astype(np.uint16)


def us(index: int) -> Iterator[NDArray[np.uint8]]:
    """A cine of 120 frames 640 x 480 in colour: a sector of speckle that moves, with a patch of colour Doppler."""
    dice = np.random.default_rng(index)
    speckle = cv2.GaussianBlur(dice.rayleigh(60, (US_ROWS, US_COLUMNS)).astype(np.float32), (0, 0), 1.4)
    sector = np.zeros((US_ROWS, US_COLUMNS), np.uint8)
    cv2.ellipse(sector, (US_COLUMNS // 2, 10), (440, 440), 90.0, -38, 38, 255, -1)
    doppler = np.zeros_like(sector)
    cv2.ellipse(doppler, (330, 250), (60, 40), 0.0, 0, 360, 255, -1)
    for number in range(US_FRAMES):
        moved = np.roll(speckle, (number * 3 % US_ROWS, number % 11), (0, 1))
        grey = np.clip(moved * (0.9 + 0.2 * np.sin(number / 9)), 0, 255).astype(np.uint8)
        frame = np.repeat(np.where(sector, grey, 0)[:, :, None], 3, axis=2).astype(np.uint8)
        frame[:, :, 0] = np.where(doppler, 200, frame[:, :, 0])
        frame[:, :, 2] = np.where(doppler, number % 60, frame[:, :, 2])
        yield frame


def _ellipse(
    picture: NDArray[np.float32], center: tuple[int, int], axes: tuple[int, int], angle: float, value: float
) -> None:
    cv2.ellipse(picture, center, axes, angle, 0, 360, float(value), -1)


def _noisy(
    picture: NDArray[np.float32], blur: float, noise: float, index: int, limits: tuple[int, int]
) -> NDArray[np.float32]:
    dice = np.random.default_rng(index)
    soft = cv2.GaussianBlur(picture, (0, 0), blur)
    soft += dice.standard_normal(picture.shape, np.float32) * np.float32(noise)
    return np.clip(np.rint(soft), *limits)
