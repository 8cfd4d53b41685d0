import type { StudyDetail } from "./types";

/** Where the viewer begins, out of the address `?series=&frame=&wc=&ww=`; a new object asks it to go there. */
export interface Start {
  series: string | null;
  frame: number | null;
  windowCenter: number | null;
  windowWidth: number | null;
}

/** What screens/viewer.tsx is given. */
export interface ViewerProps {
  study: StudyDetail;
  start: Start;
  /** Goes back to the study screen; null where the viewer stands beside it. */
  onBack: (() => void) | null;
}

export const fromTheTop: Start = { series: null, frame: null, windowCenter: null, windowWidth: null };

/** The start that an address' query tells; null where it tells none. */
export function startIn(query: URLSearchParams): Start | null {
  if (!["series", "frame", "wc", "ww"].some((name) => query.has(name))) return null;
  return {
    series: query.get("series"),
    frame: positive(query.get("frame")),
    windowCenter: finite(query.get("wc")),
    windowWidth: finite(query.get("ww")),
  };
}

function finite(text: string | null): number | null {
  if (!text?.trim()) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

function positive(text: string | null): number | null {
  const value = finite(text);
  return value !== null && Number.isInteger(value) && value > 0 ? value : null;
}
