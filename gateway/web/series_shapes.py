"""A series as the app's JSON (docs/api.md): a stack of pictures with what the viewer draws around each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from gateway.dicom.attributes import number, numbers, text
from gateway.dicom.model import Instance
from gateway.dicom.window import Window
from gateway.imaging.geometry import (
    cine_rate,
    frame_times,
    laterality,
    orientation_letters,
    pixel_aspect,
    slice_location,
    spacing,
)
from gateway.imaging.presets import NamedWindow, default_window, presets_for
from gateway.imaging.stack_order import StackFrame
from gateway.imaging.state_geometry import StateGeometry
from gateway.services.stacks import Stack
from gateway.store.rendition_keys import SeriesKey

COLORS = frozenset({"RGB", "PALETTE COLOR", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420"})
# Beyond this many pixels a side a picture is looked at in tiles, not as a whole.
LARGEST_WHOLE = 4096


class StoredLossy(BaseModel):
    """How the archive's own copy was compressed with loss (0028,2110/2112/2114)."""

    method: str
    ratio: float | None


class WindowShape(BaseModel):
    """A window in modality units."""

    window_center: float
    window_width: float
    function: str


class Preset(WindowShape):
    """A window with its name."""

    name: str


class Frame(BaseModel):
    """One picture of a stack, with what the viewer draws around it."""

    n: int
    sop_instance_uid: str
    frame_number: int
    rows: int
    columns: int
    pixel_aspect: float
    stored_bytes: int
    row_spacing: float | None
    column_spacing: float | None
    spacing_source: str | None
    letters: dict[str, str] | None
    laterality: str
    slice_location: float | None
    window: WindowShape | None
    stored_lossy: StoredLossy | None
    zoom: str | None


class StateFrame(BaseModel):
    """One picture as a presentation state places it."""

    n: int
    rows: int
    columns: int
    pixel_aspect: float
    letters: dict[str, str] | None
    row_spacing: float | None
    column_spacing: float | None
    window: WindowShape | None


class State(BaseModel):
    """A presentation state that applies to pictures of the series; `n` names it in renditions."""

    n: int
    label: str
    description: str
    created: str | None
    frames: list[StateFrame]


class Cine(BaseModel):
    """How fast a multi-frame series was acquired; times where they are uneven."""

    rate: float
    frame_times: list[float] | None


class Video(BaseModel):
    """A stored video; one that is not playable is shown as its frames."""

    address: str
    media_type: str
    rate: float
    playable: bool


class SeriesShape(BaseModel):
    """One series as a stack of pictures, a video, or a document."""

    series_instance_uid: str
    modality: str
    series_number: int | None
    series_description: str
    body_part_examined: str
    laterality: str
    kind: str
    frame_count: int
    frames: list[Frame]
    tiles: str | None
    cine: Cine | None
    presets: list[Preset]
    color: bool
    states: list[State]
    video: Video | None


def series_shape(stack: Stack, key: SeriesKey, states: Sequence[Instance]) -> SeriesShape:
    """The stack as the app reads it; `states` are all presentation states of the study, in their order."""
    series, first = stack.series, stack.frames[0].instance if stack.frames else None
    series_number = number(series.attributes, "SeriesNumber")
    return SeriesShape(
        series_instance_uid=series.series_instance_uid,
        modality=series.text("Modality"),
        series_number=None if series_number is None else int(series_number),
        series_description=_described(stack),
        body_part_examined=series.text("BodyPartExamined"),
        laterality=laterality(first, series) if first else series.text("Laterality"),
        kind=stack.kind,
        frame_count=len(stack.frames),
        frames=[_frame(frame, stack, key) for frame in stack.frames],
        tiles=tile_address(key, "{rendition}", "{n}") if first else None,
        cine=_cine(stack, first),
        presets=[_preset(preset) for preset in presets_for(series, first)] if first else [],
        color=first is not None and first.text("PhotometricInterpretation") in COLORS,
        states=[shape for n, state in enumerate(states, start=1) if (shape := _state(n, state, stack)).frames],
        video=_video(stack, first),
    )


def tile_address(key: SeriesKey, rendition: str, n: int | str) -> str:
    """The address of one kept rendering."""
    return f"/tiles/{key.study_key}/{key.series_key}/{rendition}/{n}.jpg"


def zoom_address(key: SeriesKey, n: int) -> str:
    """The address of one picture as an IIIF image service."""
    return f"/iiif/3/{key.study_key}-{key.series_key}-{n}"


def _described(stack: Stack) -> str:
    """The series' description; key images go by the title of their selection."""
    titles = [one.text("DocumentTitle") for one in stack.instances] if stack.kind == "key-images" else []
    return stack.series.text("SeriesDescription") or next((title for title in titles if title), "")


def _frame(frame: StackFrame, stack: Stack, key: SeriesKey) -> Frame:
    instance = frame.instance
    distance = spacing(instance)
    window = default_window(instance)
    rows, columns = _extent(instance)
    return Frame(
        n=frame.n,
        sop_instance_uid=instance.sop_instance_uid,
        frame_number=frame.frame_number,
        rows=rows,
        columns=columns,
        pixel_aspect=pixel_aspect(instance),
        stored_bytes=_bytes_of_frame(instance, rows, columns),
        row_spacing=distance.row if distance else None,
        column_spacing=distance.column if distance else None,
        spacing_source=distance.source if distance else None,
        letters=orientation_letters(instance),
        laterality=laterality(instance, stack.series),
        slice_location=slice_location(instance),
        window=_window(window) if window else None,
        stored_lossy=_stored_lossy(instance),
        zoom=zoom_address(key, frame.n) if frame.levels or max(rows, columns) > LARGEST_WHOLE else None,
    )


def _state(n: int, state: Instance, stack: Stack) -> State:
    geometry = StateGeometry.of(state)
    date, moment = state.text("PresentationCreationDate"), state.text("PresentationCreationTime")
    return State(
        n=n,
        label=_label(n, state),
        description=state.text("ContentDescription"),
        created=f"{date[:4]}-{date[4:6]}-{date[6:8]} {moment[:2]}:{moment[2:4]}".rstrip(" :") if date else None,
        frames=[
            _state_frame(geometry, frame)
            for frame in stack.frames
            if not frame.levels and geometry.applies_to(frame.instance, frame.frame_number)
        ],
    )


def _label(n: int, state: Instance) -> str:
    """What its author called the state; what programs write where nobody did says nothing."""
    stated = state.text("ContentLabel")
    return stated if stated and stated != "UNNAMED" else f"State {n}"


def _state_frame(state: StateGeometry, frame: StackFrame) -> StateFrame:
    placed = state.placed(frame.instance, frame.frame_number)
    window = state.window(frame.instance, frame.frame_number)
    return StateFrame(
        n=frame.n,
        rows=placed.rows,
        columns=placed.columns,
        pixel_aspect=placed.pixel_aspect,
        letters=placed.letters,
        row_spacing=placed.spacing.row if placed.spacing else None,
        column_spacing=placed.spacing.column if placed.spacing else None,
        window=_window(window) if window else None,
    )


def _cine(stack: Stack, first: Instance | None) -> Cine | None:
    if stack.video:
        return Cine(rate=stack.video.rate, frame_times=None)
    rate = cine_rate(first) if first and first.number_of_frames > 1 else None
    if first is None or not rate:
        return None
    times = frame_times(first)
    return Cine(rate=rate, frame_times=times if times and len(times) == len(stack.frames) else None)


def _video(stack: Stack, first: Instance | None) -> Video | None:
    if stack.video is None or first is None:
        return None
    series = f"/dicom-web/studies/{first.study_instance_uid}/series/{first.series_instance_uid}"
    media_type = stack.video.media_type
    return Video(
        address=f"{series}/instances/{first.sop_instance_uid}/rendered?accept={media_type}",
        media_type=media_type,
        rate=stack.video.rate,
        playable=media_type == "video/mp4",
    )


def _extent(instance: Instance) -> tuple[int, int]:
    return int(number(instance.attributes, "Rows") or 0), int(number(instance.attributes, "Columns") or 0)


def _bytes_of_frame(instance: Instance, rows: int, columns: int) -> int:
    bits = number(instance.attributes, "BitsAllocated") or 8
    samples = number(instance.attributes, "SamplesPerPixel") or 1
    return int(rows * columns * samples * bits / 8)


def _stored_lossy(instance: Instance) -> StoredLossy | None:
    if text(instance.attributes, "LossyImageCompression") != "01":
        return None
    ratios = numbers(instance.attributes, "LossyImageCompressionRatio")
    method = text(instance.attributes, "LossyImageCompressionMethod") or "unknown method"
    return StoredLossy(method=method, ratio=ratios[-1] if ratios else None)


def _window(window: Window) -> WindowShape:
    return WindowShape(
        window_center=window.window_center, window_width=window.window_width, function=window.function.value
    )


def _preset(preset: NamedWindow) -> Preset:
    window: dict[str, Any] = _window(preset.window).model_dump()
    return Preset(name=preset.name, **window)
