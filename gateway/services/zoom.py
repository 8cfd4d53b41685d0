"""Pictures looked at in parts: how large one is, and a region of it at a size (the IIIF image service)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway.access.principal import Channel, Circumstances, Principal
from gateway.dicom.attributes import number
from gateway.dicom.rendering import Picture, Rendering, Viewport
from gateway.dicom.rendition import Rendition
from gateway.errors import NotFound, NotOpened
from gateway.imaging.geometry import pixel_aspect
from gateway.imaging.slide_levels import columns_of
from gateway.imaging.state_geometry import StateGeometry
from gateway.services.frames import Frames, KeyedFrame, TileAddress


@dataclass(frozen=True, slots=True)
class Extent:
    """A picture's width and height as it is shown, and what one step there is in stored pixels.

    `reductions` are by how much smaller than the whole the levels of a slide are, from 1.
    """

    width: int
    height: int
    across: float
    down: float
    reductions: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Zoom:
    """Regions of pictures under a grant; the rendition of the address says with which window or state."""

    frames: Frames

    def extent(self, principal: Principal, address: TileAddress, circumstances: Circumstances) -> Extent:
        """How large the picture is; a Bearer client's first request opens the study."""
        found = self._found(principal, address, circumstances)
        return _extent(found, Rendition.from_name(address.rendition))

    def picture(
        self,
        principal: Principal,
        address: TileAddress,
        rendering_of: Callable[[Extent], Rendering],
        circumstances: Circumstances,
    ) -> Picture:
        """The picture as `rendering_of` wants it once it knows the extent; its region is in pixels as shown."""
        found, rendition = self._found(principal, address, circumstances), Rendition.from_name(address.rendition)
        extent = _extent(found, rendition)
        wanted = replace(rendering_of(extent), window=rendition.window)
        if wanted.viewport is not None:
            wanted = replace(wanted, viewport=_in_stored(wanted.viewport, extent))
        state = found.state(rendition.state)
        return self.frames.pictures.kept_or_made(found.frame, wanted, found.key, state)

    def _found(self, principal: Principal, address: TileAddress, circumstances: Circumstances) -> KeyedFrame:
        try:
            return self.frames.keyed_frame(principal, address)
        except NotOpened:
            found = self.frames.keys.series_of_keys(address.study_key, address.series_key)
            if principal.channel is not Channel.BEARER or found is None:
                raise
        study = self.frames.archives.find_study(found[0])
        self.frames.openings.open(principal, study, circumstances)
        return self.frames.keyed_frame(principal, address)


def _in_stored(viewport: Viewport, extent: Extent) -> Viewport:
    """The viewport with its region in whole stored pixels, at least one, so that neighbouring tiles meet."""
    x, region_width = _span(viewport.x, viewport.region_width or extent.width, extent.across, extent.width)
    y, region_height = _span(viewport.y, viewport.region_height or extent.height, extent.down, extent.height)
    return replace(viewport, x=x, y=y, region_width=region_width, region_height=region_height)


def _span(start: float, length: float, step: float, available: int) -> tuple[int, int]:
    first = min(round(start * step), round(available * step) - 1)
    return first, max(1, round(min(start + length, available) * step) - first)


def _extent(found: KeyedFrame, rendition: Rendition) -> Extent:
    instance, state = found.frame.instance, found.state(rendition.state)
    if state is not None and (
        found.frame.levels or not StateGeometry.of(state).applies_to(instance, found.frame.frame_number)
    ):
        raise NotFound("The presentation state was made for other pictures.")
    columns, rows = (int(number(instance.attributes, name) or 1) for name in ("Columns", "Rows"))
    aspect = pixel_aspect(instance)
    if state is not None:
        placed = StateGeometry.of(state).placed(instance, found.frame.frame_number)
        columns, rows, aspect = placed.columns, placed.rows, placed.pixel_aspect
    if found.frame.levels:
        reductions = tuple(columns / columns_of(level) for level in found.frame.levels)
        return Extent(columns, rows, 1.0, 1.0, reductions)
    # Pixels that are not square are shown as they are in the patient: the shorter side grows.
    width, height = (columns, round(rows * aspect)) if aspect >= 1 else (round(columns / aspect), rows)
    return Extent(max(1, width), max(1, height), columns / max(1, width), rows / max(1, height), (1.0,))
