import type { Frame, Series, WindowSetting } from "../types";
import type { Plane } from "./plane";
import { spread } from "./plane";
import type { Planes } from "./planes";
import type { Loaded, Stack } from "./stack";
import { autoWindow, isSameWindow, renditionSuffix } from "./window";

/** What there is to draw for a slice, the most faithful first. */
export type Source =
  | { kind: "nothing" }
  | { kind: "failed"; reason: string }
  /** `isReckoned`: the window was neither chosen nor is it the object's own. */
  | { kind: "plane"; plane: Plane; window: WindowSetting; isReckoned: boolean }
  | { kind: "picture"; loaded: Loaded; bitmap: ImageBitmap }
  | { kind: "approximate"; loaded: Loaded; bitmap: ImageBitmap; from: WindowSetting; isMonochrome1: boolean };

/** Projection images are often MONOCHROME1, and the picture alone does not tell. */
const OFTEN_MONOCHROME1 = new Set(["CR", "DX", "MG", "IO", "PX", "RG", "RF", "XA"]);

export interface Wanted {
  n: number;
  /** Null for the object's own window. */
  window: WindowSetting | null;
  /** Whether stored values are wanted although no window was chosen. */
  wantsFull: boolean;
  isMoving: boolean;
}

/** Chooses what to draw; never a picture of another slice or another window passed off as this one. */
export function sourceFor(
  series: Series,
  frame: Frame,
  stack: Stack,
  planes: Planes,
  wanted: Wanted,
): Source {
  const reason = stack.failure(wanted.n);
  if (reason) return { kind: "failed", reason };
  const exact = stack.best(wanted.n, renditionSuffix(wanted.window));
  const plane = planes.get(wanted.n);
  if (plane && (wanted.window || wanted.wantsFull)) {
    const isGoodEnough = plane.reduce === 1 || wanted.isMoving || !exact?.rendition.startsWith("v");
    if (isGoodEnough) {
      const told = wanted.window ?? ownWindow(frame, exact);
      return { kind: "plane", plane, window: told ?? autoWindowOf(plane), isReckoned: told === null };
    }
  }
  if (exact?.bitmap) return { kind: "picture", loaded: exact, bitmap: exact.bitmap };
  return wanted.window ? approximate(series, stack, planes, wanted.n, wanted.window) : { kind: "nothing" };
}

/** The window that a slice is shown in when none was chosen. */
export function ownWindow(frame: Frame, loaded: Loaded | null): WindowSetting | null {
  return frame.window ?? loaded?.facts.window ?? null;
}

/** A window over all but the outermost hundredths of a plane's values. */
export function autoWindowOf(plane: Plane): WindowSetting {
  const { least, most } = spread(plane);
  return autoWindow(least, most);
}

function approximate(series: Series, stack: Stack, planes: Planes, n: number, window: WindowSetting): Source {
  const loaded = stack.best(n, "");
  const from = loaded?.facts.window;
  const isMonochrome1 = planes.isMonochrome1 ?? (OFTEN_MONOCHROME1.has(series.modality) ? null : false);
  if (!loaded?.bitmap || !from || isMonochrome1 === null) return { kind: "nothing" };
  if (isSameWindow(from, window)) return { kind: "picture", loaded, bitmap: loaded.bitmap };
  return { kind: "approximate", loaded, bitmap: loaded.bitmap, from, isMonochrome1 };
}
