"""A person's own measurements of a study: `/api/v1/studies/<uid>/measurements`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, model_validator

from gateway.dicom.uid import uid_from_url
from gateway.services.measurements import Measurement, Measurements
from gateway.web.guards import Guards

Uid = Annotated[str, Field(max_length=64, pattern=r"^[0-9]+(\.[0-9]+)*$")]
Coordinate = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
POINTS = {"length": 2, "angle": 3, "cobb": 4, "ellipse": 2, "rectangle": 2, "arrow": 2}


class MeasurementShape(BaseModel, extra="forbid"):
    """One drawing on one frame."""

    id: str = Field(pattern=r"^[0-9a-z-]{1,40}$")
    kind: Literal["length", "angle", "cobb", "ellipse", "rectangle", "arrow"]
    series_instance_uid: Uid
    sop_instance_uid: Uid
    frame_number: int = Field(ge=1, le=1_000_000)
    points: list[tuple[Coordinate, Coordinate]] = Field(min_length=2, max_length=4)
    text: str = Field(default="", max_length=80)

    @model_validator(mode="after")
    def has_its_points(self) -> MeasurementShape:
        """The drawing, where it has as many points as its kind needs."""
        if len(self.points) != POINTS[self.kind]:
            raise ValueError("wrong number of points for its kind")
        return self


class MeasurementsShape(BaseModel, extra="forbid"):
    """All that a person has drawn on a study, and which version it is."""

    version: int = Field(ge=0)
    measurements: list[MeasurementShape] = Field(max_length=500)


class Version(BaseModel):
    """The version that now stands."""

    version: int


def blueprint(measurements: Measurements, guards: Guards) -> APIBlueprint:
    """The routes of measurements for those signed in."""
    routes = APIBlueprint("measurements", __name__, url_prefix="/api/v1/studies", tag="Measurements")
    routes.before_request(guards.signed_in)

    @routes.get("/<study_instance_uid>/measurements")
    @routes.output(MeasurementsShape)
    def measurements_of_study(study_instance_uid: str) -> MeasurementsShape:
        uid = uid_from_url(study_instance_uid)
        version, drawn = measurements.of_study(guards.principal(), uid, guards.circumstances())
        return MeasurementsShape(version=version, measurements=[_shape(one) for one in drawn])

    @routes.put("/<study_instance_uid>/measurements")
    @routes.input(MeasurementsShape, arg_name="wish")
    @routes.output(Version)
    def replace_measurements(study_instance_uid: str, wish: MeasurementsShape) -> Version:
        uid = uid_from_url(study_instance_uid)
        drawn = [_measurement(one) for one in wish.measurements]
        version = measurements.replace(guards.principal(), uid, wish.version, drawn, guards.circumstances())
        return Version(version=version)

    return routes


def _shape(one: Measurement) -> MeasurementShape:
    return MeasurementShape.model_validate(asdict(one))


def _measurement(shape: MeasurementShape) -> Measurement:
    return Measurement(**{**shape.model_dump(), "points": tuple(shape.points)})
