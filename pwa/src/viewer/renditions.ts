import type { Frame, WindowSetting } from "../types";

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
const QUALITY: Record<string, number> = { p256: 50, full: 90 };

/** The smallest rendition that has a pixel for every device pixel, or all that are stored. */
export function viewRendition(frame: { rows: number; columns: number }, shownLongest: number): string {
  const stored = Math.max(frame.rows, frame.columns);
  const needed = Math.min(stored, Math.ceil(shownLongest));
  const bound = VIEWS.find((edge) => edge >= needed);
  return bound ? `v${bound}` : "full";
}

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
  const view = (n: number): Wish => ({ n, rendition: focus.view });
  const preview = (n: number): Wish => ({ n, rendition: "p256" });
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
