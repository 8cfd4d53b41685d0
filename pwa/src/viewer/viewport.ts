/** Where the picture lies on the screen: pure mathematics, all lengths in device pixels. */

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Zoom as a multiple of the fitted size, and the picture's point (0 to 1) in the middle of the screen. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

/** The picture's rectangle on the screen; `scale` is device pixels for one stored column. */
export interface Placement extends Size, Point {
  scale: number;
}

export interface Pixels {
  rows: number;
  columns: number;
  /** Height of a pixel over its width. */
  pixel_aspect: number;
}

export const FIT: View = { zoom: 1, x: 0.5, y: 0.5 };
const DEEPEST = 8;

/** The picture's extent in stored columns, its height stretched where pixels are not square (PS3.3 C.7.6.3.1.7). */
export function extent(frame: Pixels): Size {
  return { width: frame.columns, height: frame.rows * frame.pixel_aspect };
}

/** Device pixels for one stored column when the whole picture is seen. */
export function fitScale(picture: Size, screen: Size): number {
  return Math.min(screen.width / picture.width, screen.height / picture.height);
}

export function placement(view: View, picture: Size, screen: Size): Placement {
  const scale = fitScale(picture, screen) * view.zoom;
  const width = picture.width * scale;
  const height = picture.height * scale;
  return {
    scale,
    width,
    height,
    x: screen.width / 2 - view.x * width,
    y: screen.height / 2 - view.y * height,
  };
}

/** The picture's point (0 to 1 inside it) under a point of the screen. */
export function pictureAt(point: Point, view: View, picture: Size, screen: Size): Point {
  const place = placement(view, picture, screen);
  return { x: (point.x - place.x) / place.width, y: (point.y - place.y) / place.height };
}

/** The screen's point over a point of the picture (0 to 1). */
export function screenAt(point: Point, view: View, picture: Size, screen: Size): Point {
  const place = placement(view, picture, screen);
  return { x: place.x + point.x * place.width, y: place.y + point.y * place.height };
}

/** The view kept inside its bounds: never smaller than fitted, never an empty band where picture could be. */
export function clamp(view: View, picture: Size, screen: Size): View {
  const zoom = Math.min(Math.max(view.zoom, 1), deepest(picture, screen));
  const scale = fitScale(picture, screen) * zoom;
  return {
    zoom,
    x: within(view.x, screen.width / 2 / (picture.width * scale)),
    y: within(view.y, screen.height / 2 / (picture.height * scale)),
  };
}

const within = (middle: number, half: number) =>
  half >= 0.5 ? 0.5 : Math.min(Math.max(middle, half), 1 - half);

const deepest = (picture: Size, screen: Size) => DEEPEST * Math.max(1, 1 / fitScale(picture, screen));

/** Zooms by a factor while the picture's point under `from` comes to lie under `to`: a pinch and a pan at once. */
export function pinch(
  view: View,
  factor: number,
  fingers: { from: Point; to: Point },
  picture: Size,
  screen: Size,
): View {
  const held = pictureAt(fingers.from, view, picture, screen);
  const zoom = Math.min(Math.max(view.zoom * factor, 1), deepest(picture, screen));
  const place = placement({ ...view, zoom }, picture, screen);
  const moved = {
    zoom,
    x: held.x + (screen.width / 2 - fingers.to.x) / place.width,
    y: held.y + (screen.height / 2 - fingers.to.y) / place.height,
  };
  return clamp(moved, picture, screen);
}

/** Moves the picture with the finger. */
export function pan(view: View, by: Point, picture: Size, screen: Size): View {
  const place = placement(view, picture, screen);
  return clamp({ ...view, x: view.x - by.x / place.width, y: view.y - by.y / place.height }, picture, screen);
}

/** The zoom at which one stored pixel covers one device pixel; where that is no larger than fitted, the next whole multiple that is. */
export function pixelZoom(picture: Size, screen: Size): number {
  const fitted = fitScale(picture, screen);
  const multiple = fitted < 0.95 ? 1 : Math.ceil(fitted * 1.5);
  return multiple / fitted;
}

/** Double tap: from fitted to whole stored pixels about the tapped point, and back. */
export function toggle(view: View, at: Point, picture: Size, screen: Size): View {
  if (view.zoom > 1.01) return FIT;
  return pinch(view, pixelZoom(picture, screen) / view.zoom, { from: at, to: at }, picture, screen);
}

export const isZoomed = (view: View) => view.zoom > 1.01;
