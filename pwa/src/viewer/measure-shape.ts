import type { Drawn, Place } from "./measure";
import type { Placement, Point } from "./viewport";

/** Where a frame lies on the page: its picture in device pixels, and how many of them make a CSS pixel. */
export interface Laying {
  place: Placement;
  ratio: number;
  rows: number;
  columns: number;
}

/** Half of the least target that a finger hits. */
const REACH = 22;
const HEAD = 12;

/** The CSS pixel over a place of the frame. */
export function pointOver([x, y]: Place, { place, ratio, rows, columns }: Laying): Point {
  return {
    x: (place.x + (x / columns) * place.width) / ratio,
    y: (place.y + (y / rows) * place.height) / ratio,
  };
}

/** The place of the frame under a CSS pixel, never outside the picture. */
export function placeUnder(point: Point, { place, ratio, rows, columns }: Laying): Place {
  const x = ((point.x * ratio - place.x) / place.width) * columns;
  const y = ((point.y * ratio - place.y) / place.height) * rows;
  return [within(x, columns), within(y, rows)];
}

const within = (value: number, most: number) => Math.min(Math.max(value, 0), most);

/** The drawing's lines as an SVG path in CSS pixels. */
export function pathOf({ kind, points }: Pick<Drawn, "kind" | "points">, laying: Laying): string {
  const over = points.map((point) => pointOver(point, laying));
  const [a, b, c, d] = over;
  if (!a || !b) return "";
  switch (kind) {
    case "rectangle":
      return `M${at(a)}H${b.x}V${b.y}H${a.x}Z`;
    case "ellipse":
      return ellipse(a, b);
    case "arrow":
      return line(a, b) + head(a, b);
    case "cobb":
      return line(a, b) + (c && d ? line(c, d) + line(middle(a, b), middle(c, d)) : "");
    default:
      return `M${over.map(at).join("L")}`;
  }
}

const at = ({ x, y }: Point) => `${x.toFixed(2)},${y.toFixed(2)}`;
const line = (from: Point, to: Point) => `M${at(from)}L${at(to)}`;
const middle = (one: Point, other: Point) => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });

function ellipse(a: Point, b: Point): string {
  const [rx, ry] = [Math.abs(b.x - a.x) / 2, Math.abs(b.y - a.y) / 2];
  const y = (a.y + b.y) / 2;
  const arc = (x: number) => `A${rx.toFixed(2)},${ry.toFixed(2)} 0 0 1 ${at({ x, y })}`;
  return `M${at({ x: a.x, y })}${arc(b.x)}${arc(a.x)}`;
}

function head(tail: Point, tip: Point): string {
  const along = Math.atan2(tip.y - tail.y, tip.x - tail.x);
  const barb = (turn: number) => ({
    x: tip.x - HEAD * Math.cos(along + turn),
    y: tip.y - HEAD * Math.sin(along + turn),
  });
  return `M${at(barb(0.5))}L${at(tip)}L${at(barb(-0.5))}`;
}

/** The handle of a drawing that a finger reaches. */
export interface Handle {
  drawn: Drawn;
  index: number;
}

/** The nearest handle within a finger's reach; those of the chosen drawing go before all others. */
export function handleAt(point: Point, drawn: Drawn[], chosen: string | null, laying: Laying): Handle | null {
  let best: (Handle & { away: number }) | null = null;
  for (const one of drawn) {
    for (const [index, place] of one.points.entries()) {
      const over = pointOver(place, laying);
      const distance = Math.hypot(over.x - point.x, over.y - point.y);
      const away = distance - (one.id === chosen ? REACH : 0);
      if (distance <= REACH && (!best || away < best.away)) best = { drawn: one, index, away };
    }
  }
  return best;
}

/** Where a drawing's words begin: beside its lowest point, for an arrow beside its tail. */
export function wordsAt({ kind, points }: Drawn, laying: Laying): Point {
  const over = points.map((point) => pointOver(point, laying));
  const ends = kind === "arrow" ? over.slice(0, 1) : over;
  const lowest = ends.reduce((one, other) => (other.y > one.y ? other : one), ends[0] ?? { x: 0, y: 0 });
  const right = kind === "ellipse" || kind === "rectangle" ? Math.max(...over.map(({ x }) => x)) : lowest.x;
  return { x: right + 10, y: lowest.y + 8 };
}
