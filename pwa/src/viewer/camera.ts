import type { Frame } from "../types";
import {
  clamp,
  extent,
  FIT,
  isZoomed,
  type Placement,
  type Point,
  pan,
  pinch,
  placement,
  type Size,
  toggle,
  type View,
} from "./viewport";

/** Where on the canvas a picture lies, and how hands move it; points come in CSS pixels. */
export class Camera {
  screen: Size = { width: 1, height: 1 };
  /** Canvas pixels for each CSS pixel. */
  ratio = 1;
  private view: View = FIT;

  constructor(
    private readonly frame: () => Frame | null,
    private readonly moved: () => void,
  ) {}

  /** The canvas has this size now, and shows so many of its pixels for each CSS pixel. */
  resize(screen: Size, ratio: number): void {
    this.screen = screen;
    this.ratio = ratio;
  }

  pan(by: Point): void {
    this.move((frame) => pan(this.view, this.device(by), extent(frame), this.screen));
  }

  pinch(factor: number, from: Point, to: Point): void {
    const fingers = { from: this.device(from), to: this.device(to) };
    this.move((frame) => pinch(this.view, factor, fingers, extent(frame), this.screen));
  }

  /** Between the whole picture and one pixel for one, about the point, or about the middle. */
  toggle(at?: Point): void {
    const point = at ? this.device(at) : { x: this.screen.width / 2, y: this.screen.height / 2 };
    this.move((frame) => toggle(this.view, point, extent(frame), this.screen));
  }

  fit(): void {
    this.move(() => FIT);
  }

  /** The whole picture, without a word to anybody: a new series begins so. */
  startOver(): void {
    this.view = FIT;
  }

  isZoomed(): boolean {
    return isZoomed(this.view);
  }

  /** Where the frame lies now, kept within what its size allows. */
  place(frame: Frame): Placement {
    this.view = clamp(this.view, extent(frame), this.screen);
    return placement(this.view, extent(frame), this.screen);
  }

  private move(next: (frame: Frame) => View): void {
    const frame = this.frame();
    if (!frame) return;
    this.view = next(frame);
    this.moved();
  }

  private device(point: Point): Point {
    return { x: point.x * this.ratio, y: point.y * this.ratio };
  }
}
