"""Windows to choose from: the file's own, then the usual ones of its modality."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.dicom.attributes import numbers, values
from gateway.dicom.model import Instance, Series
from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import BadRequest


@dataclass(frozen=True, slots=True)
class NamedWindow:
    """A window under the name a reader knows it by."""

    name: str
    window: Window


# Centre and width in the unit named by Rescale Type: of all modalities CT alone has one scale for every patient.
USUAL: dict[str, dict[str, tuple[float, float]]] = {
    "CT": {
        "Brain": (40, 80),
        "Subdural": (75, 215),
        "Stroke": (40, 40),
        "Bone": (480, 2500),
        "Lung": (-600, 1500),
        "Mediastinum": (50, 350),
        "Soft tissue": (50, 400),
        "Liver": (60, 160),
        "Angio": (300, 600),
    }
}
# An unstated or unspecified (US) type of a CT image is in Hounsfield units (PS3.3 C.8.2.1); maps of density,
# atomic number or iodine are not.
_HOUNSFIELD = frozenset({"", "HU", "US", "HU_MOD"})
_GREY = frozenset({"", "MONOCHROME1", "MONOCHROME2"})


def file_windows(instance: Instance) -> list[Window]:
    """The windows that the object itself offers (PS3.3 C.11.2), the first its default; those without sense left out."""
    if instance.text("PhotometricInterpretation").strip() not in _GREY:
        return []
    function = _function(instance)
    explanations = [str(value or "") for value in values(instance.attributes, "WindowCenterWidthExplanation")]
    centers, widths = numbers(instance.attributes, "WindowCenter"), numbers(instance.attributes, "WindowWidth")
    found: list[Window] = []
    for index, (center, width) in enumerate(zip(centers, widths, strict=False)):
        explanation = explanations[index].strip() if index < len(explanations) else ""
        try:
            found.append(Window(center, width, function, explanation))
        except BadRequest:
            continue
    return found


def default_window(instance: Instance) -> Window | None:
    """The object's first window, None where it has none and the values' own range is shown."""
    return next(iter(file_windows(instance)), None)


def presets_for(series: Series, instance: Instance) -> list[NamedWindow]:
    """Named windows to choose from, the file's own first, no values and no name twice; empty for colour."""
    if instance.text("PhotometricInterpretation").strip() not in _GREY:
        return []
    usual = _usual(series, instance)
    names = {_values(preset.window): preset.name for preset in usual}
    own: dict[tuple[float, float, VoiLutFunction], Window] = {}
    for window in file_windows(instance):
        own.setdefault(_values(window), window)
    found: dict[str, NamedWindow] = {}
    for place, window in enumerate(own.values(), start=1):
        fallback = names.get(_values(window)) or ("From file" if len(own) == 1 else f"From file {place}")
        name = window.explanation or fallback
        unique = f"{name} {place}" if name.lower() in found else name
        found[unique.lower()] = NamedWindow(unique, window)
    for preset in usual:
        # The file's own "Lung" stands for the usual one.
        if _values(preset.window) not in own:
            found.setdefault(preset.name.lower(), preset)
    return list(found.values())


def _usual(series: Series, instance: Instance) -> list[NamedWindow]:
    if instance.text("RescaleType").strip().upper() not in _HOUNSFIELD:
        return []
    table = USUAL.get(series.text("Modality"), {})
    return [NamedWindow(name, Window(center, width)) for name, (center, width) in table.items()]


def _function(instance: Instance) -> VoiLutFunction:
    stated = instance.text("VOILUTFunction").strip().upper()
    return VoiLutFunction(stated) if stated in VoiLutFunction.__members__ else VoiLutFunction.LINEAR


def _values(window: Window) -> tuple[float, float, VoiLutFunction]:
    return window.window_center, window.window_width, window.function
