import type { Frame, WindowSetting } from "../types";
import type { Painter } from "./paint";
import type { Source } from "./source";
import type { Shown } from "./truth";
import type { Placement } from "./viewport";
import { approximateTable } from "./window";

/** How a source is to be drawn: where, under which window, and whether it is flying past. */
export interface Drawing {
  place: Placement;
  window: WindowSetting | null;
  isInverted: boolean;
  isMoving: boolean;
}

/** Draws the source, and tells what is on the canvas now. */
export function draw(painter: Painter, source: Source, frame: Frame, how: Drawing): Shown {
  const { place, isInverted } = how;
  switch (source.kind) {
    case "nothing":
    case "failed":
      painter.placeholder(place);
      return source;
    case "plane":
      painter.plane(source.plane, source.window, place, how);
      return {
        kind: "plane",
        reduce: source.plane.reduce,
        isDrawnSmaller: place.width < frame.columns,
        isReckoned: source.isReckoned,
      };
    case "picture":
      painter.bitmap(source.bitmap, place, isInverted);
      return { kind: "picture", facts: source.loaded.facts, isApproximate: false };
    case "approximate": {
      const to = how.window ?? source.from;
      painter.throughTable(
        source.bitmap,
        approximateTable(source.from, to, source.isMonochrome1, isInverted),
        place,
      );
      return { kind: "picture", facts: source.loaded.facts, isApproximate: true };
    }
  }
}
