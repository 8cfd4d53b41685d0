import type { WindowSetting } from "../types";
import type { Plane } from "./plane";
import type { Placement, Size } from "./viewport";
import { storedTable } from "./window";
import type { LaidTile } from "./zoom-layer";

/** iOS draws nothing on a canvas beyond this. */
const MOST_PIXELS = 16_700_000;
/** While a finger drags, no more pixels go through the table than a phone manages in a frame. */
const MOST_MOVING_PIXELS = 1_200_000;

/** A rectangle of source pixels that the screen shows. */
interface Region extends Size {
  x: number;
  y: number;
}

/** Draws pictures on the one canvas of the viewer. */
export class Painter {
  private readonly context: CanvasRenderingContext2D;
  private readonly work = document.createElement("canvas");
  private readonly workContext: CanvasRenderingContext2D;
  private readonly stored = new Uint32Array(65536);

  constructor(readonly canvas: HTMLCanvasElement) {
    this.context = contextOf(canvas, { alpha: false });
    this.workContext = contextOf(this.work, { willReadFrequently: true });
  }

  /** Fits the canvas to its place on the page; at most the device's own pixels, and never more than iOS can draw. */
  resize(css: Size, devicePixelRatio: number): Size {
    const ratio = Math.min(devicePixelRatio, Math.sqrt(MOST_PIXELS / Math.max(1, css.width * css.height)));
    const width = Math.max(1, Math.round(css.width * ratio));
    const height = Math.max(1, Math.round(css.height * ratio));
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    return { width, height };
  }

  clear(): void {
    this.context.globalCompositeOperation = "source-over";
    this.context.fillStyle = "#000";
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** A still placeholder of the picture's exact size. */
  placeholder(place: Placement): void {
    this.clear();
    this.context.fillStyle = "#0e1114";
    this.context.fillRect(place.x, place.y, place.width, place.height);
  }

  /** A decoded picture as it came, or with its greys turned round, and tiles over it. */
  bitmap(bitmap: ImageBitmap, place: Placement, isInverted: boolean, tiles: LaidTile[] = []): void {
    this.clear();
    this.smooth(place.width < bitmap.width);
    this.context.drawImage(bitmap, place.x, place.y, place.width, place.height);
    for (const tile of tiles) {
      this.smooth(tile.width < tile.bitmap.width);
      this.context.drawImage(tile.bitmap, tile.x, tile.y, tile.width, tile.height);
    }
    if (!isInverted) return;
    this.context.globalCompositeOperation = "difference";
    this.context.fillStyle = "#fff";
    this.context.fillRect(place.x, place.y, place.width, place.height);
    this.context.globalCompositeOperation = "source-over";
  }

  /** A decoded 8-bit picture through a table of 256 pixels. */
  throughTable(bitmap: ImageBitmap, table: Uint32Array, place: Placement): void {
    const seen = this.visible(place, bitmap);
    if (!seen) {
      this.clear();
      return;
    }
    const shrink = Math.min(1, Math.sqrt(MOST_MOVING_PIXELS / (seen.width * seen.height)));
    const width = Math.max(1, Math.round(seen.width * shrink));
    const height = Math.max(1, Math.round(seen.height * shrink));
    this.fitWork(width, height);
    this.workContext.drawImage(bitmap, seen.x, seen.y, seen.width, seen.height, 0, 0, width, height);
    const image = this.workContext.getImageData(0, 0, width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let at = 0; at < pixels.length; at++) pixels[at] = table[(pixels[at] as number) & 0xff] as number;
    this.workContext.putImageData(image, 0, 0);
    this.drawWork(seen, place, bitmap);
  }

  /** Stored values through a window: exact, except that a moving picture may skip rows and columns. */
  plane(
    plane: Plane,
    window: WindowSetting,
    place: Placement,
    how: { isInverted: boolean; isMoving: boolean },
  ): void {
    const source = { width: plane.columns, height: plane.rows };
    const seen = this.visible(place, source);
    if (!seen) {
      this.clear();
      return;
    }
    storedTable(window, plane, plane, this.stored, how.isInverted);
    const most = how.isMoving ? MOST_MOVING_PIXELS : MOST_PIXELS;
    const step = Math.max(1, Math.ceil(Math.sqrt((seen.width * seen.height) / most)));
    const width = Math.ceil(seen.width / step);
    const height = Math.ceil(seen.height / step);
    this.fitWork(width, height);
    const image = this.workContext.createImageData(width, height);
    lookUp(plane, this.stored, new Uint32Array(image.data.buffer), { seen, step, width, height });
    this.workContext.putImageData(image, 0, 0);
    this.drawWork({ ...seen, width: width * step, height: height * step }, place, source);
  }

  private drawWork(seen: Region, place: Placement, source: Size): void {
    this.clear();
    const across = place.width / source.width;
    const down = place.height / source.height;
    this.smooth(across < 1);
    const { width, height } = this.work;
    const [x, y] = [place.x + seen.x * across, place.y + seen.y * down];
    this.context.drawImage(this.work, 0, 0, width, height, x, y, seen.width * across, seen.height * down);
  }

  /** The source pixels that lie on the screen, whole ones with one to spare for the interpolation at the edge. */
  private visible(place: Placement, source: Size): Region | null {
    const across = source.width / place.width;
    const down = source.height / place.height;
    const x = Math.max(0, Math.floor(-place.x * across) - 1);
    const y = Math.max(0, Math.floor(-place.y * down) - 1);
    const right = Math.min(source.width, Math.ceil((this.canvas.width - place.x) * across) + 1);
    const bottom = Math.min(source.height, Math.ceil((this.canvas.height - place.y) * down) + 1);
    return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : null;
  }

  private fitWork(width: number, height: number): void {
    if (this.work.width !== width) this.work.width = width;
    if (this.work.height !== height) this.work.height = height;
  }

  private smooth(isShrinking: boolean): void {
    this.context.imageSmoothingEnabled = true;
    this.context.imageSmoothingQuality = isShrinking ? "medium" : "low";
  }
}

function lookUp(
  plane: Plane,
  table: Uint32Array,
  into: Uint32Array,
  part: { seen: Region; step: number; width: number; height: number },
): void {
  const { seen, step, width, height } = part;
  const { values, columns } = plane;
  let out = 0;
  for (let row = 0; row < height; row++) {
    let at = Math.min(seen.y + row * step, plane.rows - 1) * columns + seen.x;
    for (let column = 0; column < width; column++, at += step)
      into[out++] = table[values[at] as number] as number;
  }
}

function contextOf(
  canvas: HTMLCanvasElement,
  settings: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("This browser gives no canvas to draw on.");
  return context;
}
