import type { Frame } from "../types";
import type { Kind, Place } from "./measure";

/** How long a column's and a row's step is, in millimetres or, where nothing is calibrated, in columns. */
export interface Scale {
  x: number;
  y: number;
  unit: "mm" | "px";
  source: "pixel" | "imager" | null;
}

type Calibrated = Pick<Frame, "row_spacing" | "column_spacing" | "spacing_source" | "pixel_aspect">;

/** The frame's scale; without spacing a column counts as one, and rows are as much longer as they are shown. */
export function scaleOf(frame: Calibrated): Scale {
  const { row_spacing: y, column_spacing: x, spacing_source: source } = frame;
  if (source && x && y && x > 0 && y > 0) return { x, y, unit: "mm", source };
  return { x: 1, y: frame.pixel_aspect, unit: "px", source: null };
}

type Vector = [x: number, y: number];

const vector = (from: Place, to: Place, scale: Scale): Vector => [
  (to[0] - from[0]) * scale.x,
  (to[1] - from[1]) * scale.y,
];

/** The distance between two places, in the scale's unit. */
export function length(from: Place, to: Place, scale: Scale): number {
  return Math.hypot(...vector(from, to, scale));
}

function between(one: Vector, other: Vector): number {
  const cross = one[0] * other[1] - one[1] * other[0];
  const dot = one[0] * other[0] + one[1] * other[1];
  return (Math.atan2(Math.abs(cross), dot) * 180) / Math.PI;
}

/** The angle at a corner between its two sides, 0 to 180 degrees. */
export function angle(side: Place, corner: Place, other: Place, scale: Scale): number {
  return between(vector(corner, side, scale), vector(corner, other, scale));
}

/** The Cobb angle of two lines, 0 to 90 degrees: which way each was drawn does not matter. */
export function cobb(lines: [Place, Place, Place, Place], scale: Scale): number {
  const whole = between(vector(lines[0], lines[1], scale), vector(lines[2], lines[3], scale));
  return Math.min(whole, 180 - whole);
}

/** The area of a rectangle or of the ellipse inside it, in the scale's unit squared. */
export function area(kind: Kind, corner: Place, opposite: Place, scale: Scale): number {
  const [width, height] = vector(corner, opposite, scale);
  const box = Math.abs(width * height);
  return kind === "ellipse" ? (box * Math.PI) / 4 : box;
}
