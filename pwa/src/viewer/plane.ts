import { api } from "../api";
import type { StoredScale } from "./window";

/** One picture's stored values, or modality values where the scale is 1 and 0. */
export interface Plane extends StoredScale {
  rows: number;
  columns: number;
  /** 1 for every pixel, 2 for every second row and column. */
  reduce: 1 | 2;
  unit: string;
  values: Uint16Array;
  /** Bounds of the values, read as signed where the plane is. */
  least: number;
  most: number;
}

/** Fetches and decodes a plane; throws RequestFailed, with status 404 where windows do not apply. */
export async function fetchPlane(
  place: { study: string; series: string; n: number },
  reduce: 1 | 2,
  signal: AbortSignal,
): Promise<Plane> {
  const response = await api.plane(place.study, place.series, place.n, reduce, signal);
  const header = planeHeader(response.headers.get("X-Plane") ?? "");
  if (!response.body) throw new Error("The plane has no body.");
  const bytes = await inflated(response.body, header.rows * header.columns * 2);
  const values = await undelta(bytes, header.rows, header.columns);
  return { ...header, reduce, values, ...bounds(values, header.signed) };
}

/** The X-Plane header as numbers; throws where rows or columns are missing. */
export function planeHeader(text: string): Omit<Plane, "values" | "least" | "most" | "reduce"> {
  const fields = new Map(text.split(";").map((field) => splitOnce(field.trim())));
  const number = (name: string, otherwise: number) => {
    const value = Number(fields.get(name));
    return fields.get(name) && Number.isFinite(value) ? value : otherwise;
  };
  const rows = number("rows", 0);
  const columns = number("columns", 0);
  if (!(rows > 0 && columns > 0)) throw new Error("The plane does not say its size.");
  const isModality = number("lut", 0) === 1;
  return {
    rows,
    columns,
    signed: number("signed", 0) === 1,
    slope: isModality ? 1 : number("slope", 1),
    intercept: isModality ? 0 : number("intercept", 0),
    invert: number("invert", 0) === 1,
    unit: fields.get("unit") ?? "",
  };
}

function splitOnce(field: string): [string, string] {
  const at = field.indexOf("=");
  return at < 0 ? [field, ""] : [field.slice(0, at), field.slice(at + 1)];
}

/** The inflated bytes; throws where there are more or fewer than the header promises. */
async function inflated(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  const reader = body.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > length) throw new Error("The plane is longer than it says.");
    bytes.set(value, at);
    at += value.length;
  }
  if (at !== length) throw new Error("The plane is shorter than it says.");
  return bytes;
}

const PIXELS_AT_A_TIME = 400_000;

/** Joins the two byte planes and undoes the differences, in pieces small enough never to be a long task. */
export async function undelta(bytes: Uint8Array, rows: number, columns: number): Promise<Uint16Array> {
  const values = new Uint16Array(rows * columns);
  const rowsAtATime = Math.max(1, Math.floor(PIXELS_AT_A_TIME / columns));
  for (let row = 0; row < rows; row += rowsAtATime) {
    if (row > 0) await new Promise((resolve) => setTimeout(resolve));
    undeltaRows(bytes, values, columns, row, Math.min(rows, row + rowsAtATime));
  }
  return values;
}

function undeltaRows(bytes: Uint8Array, values: Uint16Array, columns: number, from: number, to: number) {
  const high = values.length;
  for (let row = from; row < to; row++) {
    let at = row * columns;
    let value = row > 0 ? (values[at - columns] as number) : 0;
    for (const end = at + columns; at < end; at++) {
      value = (value + ((bytes[at] as number) | ((bytes[high + at] as number) << 8))) & 0xffff;
      values[at] = value;
    }
  }
}

function bounds(values: Uint16Array, signed: boolean): { least: number; most: number } {
  const read = signed ? new Int16Array(values.buffer) : values;
  let least = 0xffff;
  let most = -0x8000;
  for (let at = 0; at < read.length; at++) {
    const value = read[at] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

/** The modality values below which a hundredth, and above which a hundredth, of the plane's pixels lie. */
export function spread(plane: Plane): { least: number; most: number } {
  const read = plane.signed ? new Int16Array(plane.values.buffer) : plane.values;
  const counts = new Uint32Array(plane.most - plane.least + 1);
  for (let at = 0; at < read.length; at++) {
    const bin = (read[at] as number) - plane.least;
    counts[bin] = (counts[bin] as number) + 1;
  }
  const share = read.length / 100;
  const low = plane.least + nth(counts, share);
  const high = plane.least + nth(counts, read.length - share);
  const [one, other] = [low, high].map((value) => value * plane.slope + plane.intercept) as [number, number];
  return { least: Math.min(one, other), most: Math.max(one, other) };
}

function nth(counts: Uint32Array, place: number): number {
  let seen = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    seen += counts[bin] as number;
    if (seen > place) return bin;
  }
  return counts.length - 1;
}
