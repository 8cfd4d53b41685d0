/** What can be drawn on a picture to measure it. */
export type Kind = "length" | "angle" | "cobb" | "ellipse" | "rectangle" | "arrow";

/** A place in a frame's own columns and rows, from the outer corner of its first pixel. */
export type Place = [x: number, y: number];

/** One drawing on one frame, as it is kept (docs/api.md, Measurements). */
export interface Drawn {
  id: string;
  kind: Kind;
  series_instance_uid: string;
  sop_instance_uid: string;
  frame_number: number;
  points: Place[];
  text: string;
}

interface KindFacts {
  words: string;
  /** What a finger has to do next, for each stroke that the drawing takes. */
  strokes: [first: string, ...more: string[]];
}

/** The kinds in the order in which they are offered. */
export const KINDS: Record<Kind, KindFacts> = {
  length: { words: "Length", strokes: ["Drag from one end to the other."] },
  angle: {
    words: "Angle",
    strokes: ["Drag along the first side to the corner.", "Drag along the second side."],
  },
  cobb: { words: "Cobb", strokes: ["Drag along the upper end plate.", "Drag along the lower end plate."] },
  ellipse: { words: "Ellipse", strokes: ["Drag from corner to corner."] },
  rectangle: { words: "Rectangle", strokes: ["Drag from corner to corner."] },
  arrow: { words: "Arrow", strokes: ["Drag from the words to what they are about."] },
};

export const isRegion = (kind: Kind) => kind === "ellipse" || kind === "rectangle";

/** The drawing's points once a stroke goes from one place to another, whatever stood of it before. */
export function stroked(kind: Kind, before: Place[], from: Place, to: Place): Place[] {
  const isSecond = before.length > 0;
  if (isSecond && kind === "angle") return [...before.slice(0, 2), to];
  if (isSecond) return [...before.slice(0, 2), from, to];
  return [from, to];
}

/** Whether the drawing has all points of its kind. */
export function isWhole({ kind, points }: Pick<Drawn, "kind" | "points">): boolean {
  return points.length === (kind === "angle" ? 3 : kind === "cobb" ? 4 : 2);
}
