import type { Frame, WindowSetting } from "../types";
import { extent, type Pixels } from "./viewport";

/** What was done to the picture that is on the screen. */
export interface PictureFacts {
  rendition: string;
  width: number;
  height: number;
  quality: number;
  ratio: number | null;
  window: WindowSetting | null;
}

const VIEWS = [512, 1024, 2048];
const LARGEST_VIEW = "v2048";
/** The views' names by size. */
const SIZES = [...VIEWS.map((edge) => `v${edge}`), "full"];
const QUALITY: Record<string, number> = { p256: 40, full: 90 };

/** The smallest rendition that has a pixel for every device pixel; all that are stored, where the server makes such a one. */
export function viewRendition(frame: Pixels & { zoom: string | null }, shownLongest: number): string {
  const { width, height } = extent(frame);
  const stored = Math.max(frame.rows, width, height);
  const needed = Math.min(stored, Math.ceil(shownLongest));
  const bound = VIEWS.find((edge) => edge >= needed);
  if (bound) return `v${bound}`;
  return frame.zoom ? LARGEST_VIEW : "full";
}

/** The view next smaller than that one, under the same window or state; null below the smallest. */
export function smallerView(rendition: string): string | null {
  const suffix = suffixOf(rendition);
  const at = SIZES.indexOf(rendition.slice(0, rendition.length - suffix.length));
  return at > 0 ? `${SIZES[at - 1]}${suffix}` : null;
}

/** The part of a rendition's name that says the window or the state. */
export const suffixOf = (rendition: string) => {
  const at = rendition.indexOf("-");
  return at < 0 ? "" : rendition.slice(at);
};

/** Whether a rendition's name is a preview. */
export const isPreview = (rendition: string) => rendition.startsWith("p");

/** The order in which slices are fetched: from where one looks outwards, the scroll direction first. */
export function outwards(count: number, current: number, direction: 1 | -1): number[] {
  const order = [current];
  for (let away = 1; away < count; away++) {
    for (const n of [current + away * direction, current - away * direction]) {
      if (n >= 1 && n <= count) order.push(n);
    }
  }
  return order;
}

export interface Focus {
  count: number;
  current: number;
  direction: 1 | -1;
  /** The view rendition's name with its window. */
  view: string;
  /** The presentation state's suffix for a slice, empty where it is shown plain. */
  state: (n: number) => string;
  /** While slices fly past, views are not asked for: only what stays is worth the line. */
  isMoving: boolean;
}

export interface Wish {
  n: number;
  rendition: string;
}

export const AHEAD = 8;
export const BEHIND = 3;

/** All that is worth fetching now, the most urgent first. */
export function wishes(focus: Focus): Wish[] {
  const order = outwards(focus.count, focus.current, focus.direction);
  const view = (n: number): Wish => ({ n, rendition: focus.view + focus.state(n) });
  const preview = (n: number): Wish => ({ n, rendition: `p256${focus.state(n)}` });
  const near = order.filter((n) => isNear(n, focus));
  const here = [preview(focus.current)];
  if (!focus.isMoving) here.push(view(focus.current));
  const views = focus.isMoving ? [] : near.slice(1).map(view);
  return [...here, ...order.slice(1).map(preview), ...views];
}

/** Whether a slice lies in the stretch whose views are kept ready. */
export function isNear(n: number, focus: Pick<Focus, "current" | "direction">): boolean {
  const away = (n - focus.current) * focus.direction;
  return away >= -BEHIND && away <= AHEAD;
}

/** What was done to a picture, as its rendition's name and its bytes tell (docs/api.md, Renditions). */
export function pictureFacts(
  rendition: string,
  frame: Frame,
  body: { bytes: number; width: number; height: number },
  asked: WindowSetting | null,
): PictureFacts {
  return {
    rendition,
    width: body.width,
    height: body.height,
    quality: QUALITY[rendition.split("-")[0] ?? ""] ?? 80,
    ratio: body.bytes > 0 ? frame.stored_bytes / body.bytes : null,
    window: asked ?? frame.window,
  };
}
