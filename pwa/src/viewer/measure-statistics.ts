import type { Kind, Place } from "./measure";
import type { Plane } from "./plane";

/** What a region's pixels hold, in the plane's unit. */
export interface Statistics {
  mean: number;
  /** Standard deviation of all the region's pixels, the region being the whole population. */
  deviation: number;
  least: number;
  most: number;
  /** How many pixels were counted. */
  count: number;
  unit: string;
  /** False where the plane holds only every second pixel, or not every pixel of the region was counted. */
  isExact: boolean;
}

interface Extent {
  rows: number;
  columns: number;
}

/** While a finger drags, no more pixels are counted than a phone manages in a frame. */
const MOST_WHILE_DRAGGING = 250_000;

/** The statistics of the pixels whose middle lies in the region; null where there is none. */
export function statisticsOf(
  plane: Plane,
  frame: Extent,
  region: { kind: Kind; points: Place[] },
  isDragging: boolean,
): Statistics | null {
  const rows = rowsOf(plane, frame, region);
  if (rows.length === 0) return null;
  const size = rows.reduce((sum, row) => sum + row.to - row.from, 0);
  const step = isDragging ? Math.max(1, Math.ceil(Math.sqrt(size / MOST_WHILE_DRAGGING))) : 1;
  const counted = count(plane, rows, step);
  if (counted.count === 0) return null;
  return { ...inUnits(counted, plane), unit: plane.unit, isExact: plane.reduce === 1 && step === 1 };
}

/** The modality value of the pixel at a place; null outside the picture. */
export function valueAt(plane: Plane, frame: Extent, [x, y]: Place): number | null {
  const column = Math.floor((x * plane.columns) / frame.columns);
  const row = Math.floor((y * plane.rows) / frame.rows);
  if (column < 0 || row < 0 || column >= plane.columns || row >= plane.rows) return null;
  return (signedValues(plane)[row * plane.columns + column] as number) * plane.slope + plane.intercept;
}

/** The pixels of one row of the plane, `to` not among them. */
interface RowPart {
  row: number;
  from: number;
  to: number;
}

function rowsOf(plane: Plane, frame: Extent, { kind, points }: { kind: Kind; points: Place[] }): RowPart[] {
  const [one, other] = points;
  if (!one || !other) return [];
  const across = plane.columns / frame.columns;
  const down = plane.rows / frame.rows;
  const [left, right] = ordered(one[0] * across, other[0] * across);
  const [top, bottom] = ordered(one[1] * down, other[1] * down);
  const parts: RowPart[] = [];
  for (let row = Math.max(0, firstInside(top)); row < Math.min(plane.rows, firstInside(bottom)); row++) {
    const share = kind === "ellipse" ? chord((row + 0.5 - (top + bottom) / 2) / ((bottom - top) / 2)) : 1;
    const half = ((right - left) / 2) * share;
    const middle = (left + right) / 2;
    const from = Math.max(0, firstInside(middle - half));
    const to = Math.min(plane.columns, firstInside(middle + half));
    if (to > from) parts.push({ row, from, to });
  }
  return parts;
}

const ordered = (one: number, other: number) => [Math.min(one, other), Math.max(one, other)] as const;

/** The first pixel whose middle does not lie before the edge. */
const firstInside = (edge: number) => Math.ceil(edge - 0.5);

/** Half the width of a circle of radius 1 at a height. */
const chord = (height: number) => Math.sqrt(Math.max(0, 1 - height * height));

const signedValues = (plane: Plane) =>
  plane.signed ? new Int16Array(plane.values.buffer, plane.values.byteOffset) : plane.values;

interface Counted {
  count: number;
  mean: number;
  variance: number;
  least: number;
  most: number;
}

function count(plane: Plane, rows: RowPart[], step: number): Counted {
  const values = signedValues(plane);
  // Sums about one of the values: sums of squares of large values would lose the small differences.
  const first = rows[0] as RowPart;
  const about = values[first.row * plane.columns + first.from] as number;
  let [n, sum, squares] = [0, 0, 0];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < rows.length; at += step) {
    const { row, from, to } = rows[at] as RowPart;
    for (let column = from; column < to; column += step) {
      const value = values[row * plane.columns + column] as number;
      const difference = value - about;
      n++;
      sum += difference;
      squares += difference * difference;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  const mean = sum / n;
  return { count: n, mean: about + mean, variance: Math.max(0, squares / n - mean * mean), least, most };
}

function inUnits(counted: Counted, { slope, intercept }: Plane) {
  const [one, other] = [counted.least, counted.most].map((value) => value * slope + intercept) as [
    number,
    number,
  ];
  return {
    count: counted.count,
    mean: counted.mean * slope + intercept,
    deviation: Math.sqrt(counted.variance) * Math.abs(slope),
    least: Math.min(one, other),
    most: Math.max(one, other),
  };
}
