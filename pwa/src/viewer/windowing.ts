import { signal } from "@preact/signals";
import type { Frame, WindowSetting } from "../types";
import type { Planes } from "./planes";
import { autoWindowOf, ownWindow } from "./source";
import type { Loaded } from "./stack-memory";
import type { Point } from "./viewport";
import { dragged, tidy } from "./window";

/** What windowing needs of the viewer. */
export interface Windowed {
  n(): number;
  frame(): Frame | null;
  /** The best picture of the slice under the image's own window. */
  picture(): Loaded | null;
  /** Stored values, null where this frame has none. */
  planes(): Planes | null;
  /** The picture is to be drawn again; `looked`: with what has to be fetched for it. */
  changed(how: "drawn" | "looked"): void;
  /** A window is chosen: whatever stands against it is put away. */
  begins(): void;
  say(words: string): void;
}

/** The window that a person chooses: preset, finger or reckoned. */
export class Windowing {
  /** Null for the image's own. */
  readonly window = signal<WindowSetting | null>(null);
  /** False where windows do not apply: colour. */
  readonly isPossible = signal(true);
  private from: WindowSetting | null = null;
  private isHeld = false;

  constructor(private readonly at: Windowed) {}

  /** Whether a finger drags the window now. */
  get isDragging(): boolean {
    return this.isHeld;
  }

  /** Another series begins, with its own windows or without any. */
  startOver(isPossible: boolean): void {
    this.window.value = null;
    this.isPossible.value = isPossible;
    this.from = null;
    this.isHeld = false;
  }

  set(window: WindowSetting | null): void {
    if (window) this.at.begins();
    this.window.value = window;
    this.at.changed("looked");
  }

  /** Sets a window out of two bare numbers, as an address has them. */
  setNumbers(center: number, width: number): void {
    if (!(width > 0)) return;
    const usual = this.at.frame()?.window?.function ?? "LINEAR";
    this.set(tidy({ window_center: center, window_width: width, function: usual }));
  }

  start(): void {
    this.at.begins();
    this.isHeld = true;
    this.from = this.shown();
    this.at.planes()?.want(this.at.n(), 2);
  }

  drag(by: Point): void {
    // Without any window to start from, the first plane tells one.
    this.from ??= this.shown();
    if (!this.from) return;
    this.window.value = dragged(this.from, by);
    this.at.changed("drawn");
  }

  end(): void {
    this.from = null;
    this.isHeld = false;
    this.at.changed("looked");
  }

  /** Sets the window over the values that this slice holds, once they are here. */
  async auto(): Promise<void> {
    this.at.begins();
    const [n, planes] = [this.at.n(), this.at.planes()];
    planes?.want(n, 2);
    for (let tries = 0; planes && tries < 100 && n === this.at.n(); tries++) {
      const plane = planes.get(n);
      if (plane) return this.set(autoWindowOf(plane));
      if (planes.hasGivenUp(n)) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (n === this.at.n()) this.at.say("The values for an automatic window cannot be had now.");
  }

  /** The window that the slice is shown in; null where nothing tells one. */
  shown(): WindowSetting | null {
    const frame = this.at.frame();
    if (this.window.value || !frame) return this.window.value;
    const plane = this.at.planes()?.get(this.at.n());
    return ownWindow(frame, this.at.picture()) ?? (plane ? autoWindowOf(plane) : null);
  }
}
