"""From an open file to a finished picture, in the order of PS3.18 8.3.5.1 and PS3.4 N.2.

Runs in the sandbox's child: only the finished picture leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.dicom.rendering import MediaType, Rendering
from gateway.imaging.annotation import annotate
from gateway.imaging.color import is_color, to_rgb
from gateway.imaging.decode import decode, decode_rows
from gateway.imaging.encode import encode
from gateway.imaging.graphics import draw_graphics
from gateway.imaging.grayscale import stored_values
from gateway.imaging.greys import Greys
from gateway.imaging.icc import converted, profile_of
from gateway.imaging.layers import has_layers, paint_layers
from gateway.imaging.overlays import has_overlays
from gateway.imaging.palette import is_supplemental, palette_of
from gateway.imaging.passing import passed_through
from gateway.imaging.pixel_aspect import pixel_aspect
from gateway.imaging.placement import Placement
from gateway.imaging.presentation_state import PresentationState
from gateway.imaging.samples import Samples
from gateway.imaging.source import Source, SourcesRemembered
from gateway.store.sealed import unsealed

Truth = dict[str, Any]
Picture = NDArray[np.uint8]
SOURCES = SourcesRemembered()
# What takes long to decode is kept, once it was decoded whole, in a form that does not.
SLOW_TO_DECODE = frozenset(f"1.2.840.10008.1.2.4.{form}" for form in (80, 81, 90, 91, 92, 93, 110, 112))


@dataclass(frozen=True, slots=True)
class Shown:
    """A finished picture before it is encoded: its pixels, the profile to embed, the truth, and the samples."""

    pixels: Picture
    icc_profile: bytes | None
    truth: Truth
    samples: Samples
    placement: Placement


def render(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes, Callable[[], bytes] | None]:
    """The frame as a picture, and the truth about it (gateway/dicom/rendering.py, Picture).

    `arguments`: `frame_number` from 1, `rendering` (Rendering.as_arguments), `files` says what each file is: `object`,
    `state` (a presentation state), `decoded` (what an earlier call gave to keep); with `keep` the decoded frame follows
    where it took long, to be handed in as `decoded` the next time.
    """
    rendering = Rendering.from_arguments(arguments["rendering"])
    named = dict(zip(arguments["files"], files, strict=True))
    source = SOURCES.open(named["object"])
    shown = show(source, arguments["frame_number"], rendering, named)
    as_stored = passed_through(source, arguments["frame_number"], rendering, shown.placement, shown.truth)
    body = as_stored or encode(shown.pixels, rendering, shown.icc_profile)
    truth = shown.truth | what_was_done(source, shown.pixels, rendering, len(body))
    if as_stored:
        truth["lossy"] = None
    is_kept = arguments.get("keep") and "decoded" not in named and _is_worth_keeping(source, shown.samples)
    return truth, body, partial(_as_kept, source, shown.samples) if is_kept else None


def show(source: Source, frame_number: int, rendering: Rendering, named: Mapping[str, BinaryIO]) -> Shown:
    """The frame in its final pixels, grey or RGB."""
    header, pixels = source.header_of(frame_number), source.format
    state = PresentationState.from_file(named["state"], header, frame_number) if "state" in named else None
    aspect = (state.aspect if state else None) or pixel_aspect(header)
    placement = Placement.of(
        (pixels.rows, pixels.columns), rendering.viewport, state.spatial if state else None, aspect
    )
    is_layered = state is not None or has_layers(header) or is_supplemental(header)
    greys = None if is_color(pixels) else Greys.of(header, pixels, rendering.window, state)
    # Whole and as large as stored, where something lies over the pixels or all of them decide on the window.
    is_whole = is_layered or (greys is not None and greys.is_automatic and placement.stored_rows is not None)
    samples, first_row = _samples(source, frame_number, named.get("decoded"), None if is_whole else placement)
    icc_profile = None
    if greys is None:
        shown = to_rgb(samples, header, pixels)
        shown, icc_profile = converted(
            shown, profile_of(state.header if state else header) or profile_of(header), rendering.icc_profile
        )
        shown = placement.apply(
            paint_layers(shown, header, state, frame_number, samples) if is_layered else shown, first_row
        )
        truth: Truth = {"window": None, "window_origin": "color"}
    else:
        shown = _greys(greys, samples, placement, first_row, is_layered=is_layered)
        if is_layered:
            shown = _with_palette(shown, greys, samples, header, state)
            shown = placement.apply(paint_layers(shown, header, state, frame_number, samples), first_row)
        truth = greys.truth
    if state is not None:
        shown = draw_graphics(np.ascontiguousarray(shown), state, placement)
        truth["presentation_state"] = state.label
    return Shown(finished(shown, rendering, header, frame_number), icc_profile, truth, samples, placement)


def _samples(
    source: Source, frame_number: int, decoded: BinaryIO | None, placement: Placement | None
) -> tuple[Samples, int | None]:
    """The samples, as small and as few as the placement allows, and the first row where they are not all rows."""
    shrink = placement.shrink if placement else 1
    if source.format.photometric_interpretation == "PALETTE COLOR":
        shrink = 1  # a mean of indices is no colour
    if decoded is not None and (kept := unsealed(decoded.read())) is not None:
        array = imagecodecs.htj2k_decode(kept, skipres=(shrink.bit_length() - 1) or None, planar=False)
        return Samples(array, "RGB" if array.ndim == 3 else source.format.photometric_interpretation, shrink), None
    if placement is not None and (rows := placement.stored_rows) is not None:
        part = decode_rows(source, frame_number, *rows)
        if part is not None:
            return part, rows[0]
    return decode(source, frame_number, shrink), None


def _greys(greys: Greys, samples: Samples, placement: Placement, first_row: int | None, *, is_layered: bool) -> Picture:
    """The picture's greys; without anything over it, cut and shrunk first, because then there are fewer values."""
    if placement.is_as_stored and (shaded := greys.shade_words(samples)) is not None:
        return shaded
    stored = greys.stored(samples)
    if is_layered:
        return greys.shade(stored)
    small = placement.apply(stored, first_row)
    return greys.shade(small, seen=stored)


def _with_palette(
    shown: Picture, greys: Greys, samples: Samples, header: Dataset, state: PresentationState | None
) -> Picture:
    """The greys with the colours of a supplemental palette, or of a state that colours all of them (A.33.3)."""
    if state is not None and (of_state := palette_of(state.header)) is not None:
        return of_state.entries[np.rint(shown / 255 * (len(of_state.entries) - 1)).astype(np.intp)]
    if not is_supplemental(header) or (palette := palette_of(header)) is None:
        return shown
    stored = greys.stored(samples)
    return np.where((stored >= palette.first)[:, :, None], palette.apply(stored), shown[:, :, None])


def finished(shown: Picture, rendering: Rendering, header: Dataset, frame_number: int) -> Picture:
    """The picture in its place with what comes last: words, and turns of the picture as a whole."""
    if rendering.annotations:
        shown = annotate(np.ascontiguousarray(shown), header, rendering.annotations, frame_number)
    if rendering.mirror:
        shown = shown[:, ::-1]
    if rendering.turns:
        shown = np.rot90(shown, -rendering.turns)
    if rendering.gray and shown.ndim == 3:
        shown = np.rint(shown @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
    return shown


def _is_worth_keeping(source: Source, samples: Samples) -> bool:
    array = samples.array
    is_slow = source.transfer_syntax_uid in SLOW_TO_DECODE and samples.shrunk == 1 and array.dtype.itemsize <= 2
    # An overlay in the unused bits of pixels would be lost with them.
    is_grey = array.ndim == 2 and not has_overlays(source.header)
    return is_slow and (is_grey or samples.photometric_interpretation == "RGB")


def _as_kept(source: Source, samples: Samples) -> bytes:
    """The frame in a form that decodes fast, at every size: signed values as such, not as the patterns of words."""
    array = samples.array
    if array.ndim == 2 and source.format.is_signed:
        array = stored_values(array, source.format)
    return bytes(imagecodecs.htj2k_encode(np.ascontiguousarray(array), reversible=True))


def what_was_done(source: Source, shown: Picture, rendering: Rendering, length: int) -> Truth:
    """Extents, and what was lost on the way to a picture of that many bytes."""
    rows, columns = shown.shape[:2]
    pixels, header = source.format, source.header
    is_lossy = rendering.media_type in (MediaType.JPEG, MediaType.WEBP)
    lossy = {"method": "ISO_10918_1", "quality": rendering.quality, "ratio": round(pixels.frame_bytes / length, 1)}
    return {
        "width": columns,
        "height": rows,
        "source_rows": pixels.rows,
        "source_columns": pixels.columns,
        "downsized": rows < pixels.rows or columns < pixels.columns,
        "lossy": lossy if is_lossy else None,
        "stored_lossy": str(header.get("LossyImageCompression") or "") == "01",
    }
