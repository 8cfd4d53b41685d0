import type { Frame, WindowSetting } from "../types";
import type { Painter } from "./paint";
import type { Source } from "./source";
import type { Shown } from "./truth";
import type { Placement } from "./viewport";
import { approximateTable } from "./window";
import type { Laid } from "./zoom-layer";

/** How a source is to be drawn: where, under which window, and whether it is flying past. */
export interface Drawing {
  place: Placement;
  window: WindowSetting | null;
  isInverted: boolean;
  isMoving: boolean;
  /** Tiles of a very large picture, to lie over its rendition. */
  laid: Laid;
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
        isDrawnSmaller: place.width < frame.columns - 0.5 || place.height < frame.rows - 0.5,
        isReckoned: source.isReckoned,
      };
    case "picture":
      painter.bitmap(source.bitmap, place, isInverted, how.laid.tiles);
      return { kind: "picture", facts: source.loaded.facts, scaleFactor: how.laid.scaleFactor };
    case "stale":
      painter.bitmap(source.bitmap, place, isInverted);
      return { kind: "stale", facts: source.loaded.facts };
    case "approximate": {
      const to = how.window ?? source.from;
      painter.throughTable(
        source.bitmap,
        approximateTable(source.from, to, source.isMonochrome1, isInverted),
        place,
      );
      return { kind: "approximate", facts: source.loaded.facts };
    }
  }
}
