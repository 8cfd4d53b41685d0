import type { Frame, Series, WindowSetting } from "../types";
import type { Plane } from "./plane";
import { spread } from "./plane";
import type { Planes } from "./planes";
import type { Stack } from "./stack";
import type { Loaded } from "./stack-memory";
import { autoWindow, isSameWindow } from "./window";

/** What there is to draw for a slice, the most faithful first. */
export type Source =
  | { kind: "nothing" }
  | { kind: "failed"; reason: string }
  /** `isReckoned`: the window was neither chosen nor is it the object's own. */
  | { kind: "plane"; plane: Plane; window: WindowSetting; isReckoned: boolean }
  | { kind: "picture"; loaded: Loaded; bitmap: ImageBitmap }
  /** A picture in its own window, said to be so, while the chosen one is still on its way. */
  | { kind: "stale"; loaded: Loaded; bitmap: ImageBitmap }
  | { kind: "approximate"; loaded: Loaded; bitmap: ImageBitmap; from: WindowSetting; isMonochrome1: boolean };

/** Projection images are often MONOCHROME1, and the picture alone does not tell. */
const OFTEN_MONOCHROME1 = new Set(["CR", "DX", "MG", "IO", "PX", "RG", "RF", "XA"]);

export interface Wanted {
  n: number;
  /** Null for the object's own window. */
  window: WindowSetting | null;
  /** The window or presentation state as renditions name it. */
  suffix: string;
  /** False under a presentation state: stored values know nothing of it. */
  mayUsePlanes: boolean;
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
  const exact = stack.best(wanted.n, wanted.suffix);
  const plane = wanted.mayUsePlanes ? planes.get(wanted.n) : null;
  if (plane && isWorthDrawing(plane, exact, wanted)) {
    const told = wanted.window ?? ownWindow(frame, exact);
    return { kind: "plane", plane, window: told ?? autoWindowOf(plane), isReckoned: told === null };
  }
  if (exact?.bitmap) return { kind: "picture", loaded: exact, bitmap: exact.bitmap };
  const stand = wanted.window && standIn(series, stack, planes, wanted.n, wanted.window);
  if (stand) return stand;
  const reason = stack.failure(wanted.n, wanted.suffix);
  return reason ? { kind: "failed", reason } : { kind: "nothing" };
}

/** Whether stored values show more than the picture does: all of them, or half of them while there is no better. */
function isWorthDrawing(plane: Plane, exact: Loaded | null, wanted: Wanted): boolean {
  if (!wanted.window && !wanted.wantsFull) return false;
  return plane.reduce === 1 || wanted.isMoving || !exact?.rendition.startsWith("v");
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

/** The picture under the image's own window, its greys reckoned into another window where that can be done. */
function standIn(
  series: Series,
  stack: Stack,
  planes: Planes,
  n: number,
  window: WindowSetting,
): Source | null {
  const loaded = stack.best(n, "");
  if (!loaded?.bitmap) return null;
  const { bitmap } = loaded;
  const from = loaded.facts.window;
  const isMonochrome1 = planes.isMonochrome1 ?? (OFTEN_MONOCHROME1.has(series.modality) ? null : false);
  if (!from || isMonochrome1 === null) return { kind: "stale", loaded, bitmap };
  if (isSameWindow(from, window)) return { kind: "picture", loaded, bitmap };
  return { kind: "approximate", loaded, bitmap, from, isMonochrome1 };
}
