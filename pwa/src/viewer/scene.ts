import { batch, signal } from "@preact/signals";
import type { Frame, Series, StudyDetail, WindowSetting } from "../types";
import type { Start } from "../viewing";
import { Camera } from "./camera";
import { Cine } from "./cine";
import { draw } from "./drawing";
import type { Tool } from "./gestures";
import { type Label, labelOf } from "./label";
import { Painter } from "./paint";
import { Planes } from "./planes";
import { viewRendition } from "./renditions";
import { autoWindowOf, ownWindow, sourceFor } from "./source";
import { Stack } from "./stack";
import type { Point, Size } from "./viewport";
import { dragged, renditionSuffix, tidy } from "./window";

const REST_MS = 140;
const IDLE_MS = 260;
const USUAL_RATE = 10;

/** One viewer: what is looked at and how, and the canvas that shows it. */
export class Scene {
  readonly stacks: Series[];
  readonly series = signal<Series | null>(null);
  readonly label = signal<Label | null>(null);
  /** The slice asked for; the label says which one is drawn. */
  readonly n = signal(1);
  readonly tool = signal<Tool>("scroll");
  readonly window = signal<WindowSetting | null>(null);
  readonly isInverted = signal(false);
  readonly wantsFull = signal(false);
  readonly mayWindow = signal(true);
  readonly stack = signal<Stack | null>(null);
  readonly cine = signal<Cine | null>(null);
  readonly camera = new Camera(
    () => this.frame,
    () => this.look(),
  );
  /** Called when a picture has been painted, and after every change of what the address should tell. */
  onPaint: (hasPicture: boolean) => void = () => {};
  onMove: () => void = () => {};

  private planes: Planes | null = null;
  private painter: Painter | null = null;
  private rest = 0;
  private direction: 1 | -1 = 1;
  private isMoving = false;
  private dragFrom: WindowSetting | null = null;
  private pending = 0;
  private restTimer: ReturnType<typeof setTimeout> | undefined;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly study: StudyDetail,
    private readonly say: (words: string) => void,
  ) {
    this.stacks = study.series.filter((series) => series.kind === "images" && series.frames.length > 0);
  }

  attach(canvas: HTMLCanvasElement): void {
    this.painter = new Painter(canvas);
  }

  dispose(): void {
    cancelAnimationFrame(this.pending);
    clearTimeout(this.restTimer);
    clearTimeout(this.idleTimer);
    this.cine.value?.pause();
    this.planes?.cancel();
    this.stack.value?.dispose();
  }

  resize(css: Size, devicePixelRatio: number): void {
    if (!this.painter || css.width < 1 || css.height < 1) return;
    const screen = this.painter.resize(css, devicePixelRatio);
    this.camera.resize(screen, screen.width / css.width);
    this.look();
    // A canvas is empty once its size has changed: paint now, not a frame later.
    this.paint();
  }

  /** Goes where an address says; the first series, its middle and its own window where it says nothing. */
  begin(start: Start): void {
    const wanted = this.stacks.find((each) => each.series_instance_uid === start.series) ?? this.stacks[0];
    if (!wanted) return;
    batch(() => {
      this.openSeries(wanted, start.frame ?? Math.floor((wanted.frames.length + 1) / 2));
      const { windowCenter, windowWidth } = start;
      if (windowCenter !== null && windowWidth !== null && windowWidth > 0 && !wanted.color)
        this.setWindow(
          tidy({ window_center: windowCenter, window_width: windowWidth, function: this.usualFunction() }),
        );
    });
  }

  openSeries(series: Series, n = Math.floor((series.frames.length + 1) / 2)): void {
    if (series !== this.series.value) this.startSeries(series);
    this.goTo(n);
  }

  private startSeries(series: Series): void {
    this.cine.value?.pause();
    this.planes?.cancel();
    this.stack.value?.dispose();
    const place = { study: this.study.study.study_instance_uid, series: series.series_instance_uid };
    this.planes = new Planes(place, this.invalidate, this.windowImpossible);
    this.stack.value = new Stack(series, (n) => n === this.n.value && this.invalidate());
    this.series.value = series;
    this.mayWindow.value = !series.color;
    this.window.value = null;
    this.wantsFull.value = false;
    this.isInverted.value = false;
    if (series.color) this.tool.value = "scroll";
    this.camera.startOver();
    this.n.value = 0;
    const count = () => series.frames.length;
    this.cine.value =
      series.frames.length > 1 ? new Cine(series.cine?.rate ?? USUAL_RATE, count, this.showNext) : null;
  }

  private readonly windowImpossible = () => {
    this.mayWindow.value = false;
    this.tool.value = "scroll";
    this.window.value = null;
    this.say("This image has no window to change.");
    this.look();
  };

  /** Shows a slice in cine if its picture is here; false where it has to be dropped. */
  private readonly showNext = (n: number): boolean => {
    const isHere = this.stack.value?.best(n, renditionSuffix(this.window.value)) != null;
    this.direction = 1;
    if (isHere) this.n.value = n;
    this.look(n);
    return isHere;
  };

  get frame(): Frame | null {
    return this.series.value?.frames[this.n.value - 1] ?? null;
  }

  goTo(n: number): void {
    const count = this.series.value?.frames.length ?? 0;
    const next = Math.min(Math.max(Math.round(n), 1), count);
    if (next === this.n.value || count === 0) return;
    this.direction = next > this.n.value ? 1 : -1;
    this.n.value = next;
    this.look();
    this.onMove();
  }

  /** Scrolls by slices, whole or in part: what is left over counts for the next time. */
  scroll(slices: number): void {
    this.cine.value?.pause();
    this.rest += slices;
    const whole = Math.trunc(this.rest);
    if (whole === 0) return;
    this.rest -= whole;
    this.moving();
    this.goTo(this.n.value + whole);
  }

  scrollEnd(): void {
    this.rest = 0;
    this.settle();
  }

  /** Says that slices or windows are flying past; comes to rest by itself. */
  moving(): void {
    this.isMoving = true;
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.settle(), REST_MS);
  }

  private settle(): void {
    clearTimeout(this.restTimer);
    if (this.dragFrom) return;
    this.isMoving = false;
    this.look();
  }

  reset(): void {
    this.isInverted.value = false;
    this.wantsFull.value = false;
    this.setWindow(null);
    this.camera.fit();
  }

  invert(): void {
    this.isInverted.value = !this.isInverted.value;
    this.invalidate();
  }

  windowStart(): void {
    this.dragFrom = this.shownWindow();
    this.isMoving = true;
    if (this.frame) this.planes?.want(this.n.value, 2);
  }

  windowDrag(by: Point): void {
    // Without any window to start from, the first plane tells one.
    this.dragFrom ??= this.shownWindow();
    if (!this.dragFrom) return;
    this.window.value = dragged(this.dragFrom, by);
    this.invalidate();
  }

  windowEnd(): void {
    this.dragFrom = null;
    this.settle();
    this.onMove();
  }

  setWindow(window: WindowSetting | null): void {
    this.window.value = window;
    this.look();
    this.onMove();
  }

  /** Sets the window over the values that this slice holds, once they are here. */
  async auto(): Promise<void> {
    const n = this.n.value;
    this.planes?.want(n, 2);
    for (let tries = 0; tries < 100 && n === this.n.value; tries++) {
      const plane = this.planes?.get(n);
      if (plane) return this.setWindow(autoWindowOf(plane));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  askFull(): void {
    this.wantsFull.value = true;
    if (this.mayWindow.value) this.planes?.want(this.n.value, 1);
    this.look();
  }

  private usualFunction(): WindowSetting["function"] {
    return this.frame?.window?.function ?? "LINEAR";
  }

  private shownWindow(): WindowSetting | null {
    const frame = this.frame;
    if (this.window.value || !frame) return this.window.value;
    const own = ownWindow(frame, this.stack.value?.best(this.n.value, "") ?? null);
    const plane = this.planes?.get(this.n.value);
    return own ?? (plane ? autoWindowOf(plane) : null);
  }

  /** Tells the stack and the planes what is looked at now, and draws. */
  private look(n = this.n.value): void {
    const frame = this.frame;
    if (!frame) return;
    const place = this.camera.place(frame);
    const isFullColor = this.wantsFull.value && !this.mayWindow.value;
    const plain = isFullColor ? "full" : viewRendition(frame, Math.max(place.width, place.height));
    const view = plain + (this.dragFrom ? "" : renditionSuffix(this.window.value));
    const isMoving = this.isMoving && !this.dragFrom;
    this.stack.value?.look({ current: n, direction: this.direction, view, isMoving }, this.window.value);
    clearTimeout(this.idleTimer);
    if ((this.window.value || this.wantsFull.value) && this.mayWindow.value)
      this.idleTimer = setTimeout(() => this.whenIdle(), IDLE_MS);
    this.invalidate();
  }

  private whenIdle(): void {
    if (!this.isMoving && !this.cine.value?.isPlaying.value) this.planes?.want(this.n.value, 1);
  }

  readonly invalidate = (): void => {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => this.paint());
  };

  /** Draws the slice, then writes its label, before the browser shows either. */
  private paint(): void {
    cancelAnimationFrame(this.pending);
    this.pending = 0;
    const { painter, frame, planes } = this;
    const [series, stack] = [this.series.value, this.stack.value];
    if (!painter || !frame || !planes || !series || !stack) return;
    const source = sourceFor(series, frame, stack, planes, {
      n: this.n.value,
      window: this.window.value,
      wantsFull: this.wantsFull.value,
      isMoving: this.isMoving,
    });
    const place = this.camera.place(frame);
    const [isInverted, isMoving] = [this.isInverted.value, this.isMoving];
    const shown = draw(painter, source, frame, { place, window: this.window.value, isInverted, isMoving });
    const window = source.kind === "plane" ? source.window : this.shownWindow();
    this.label.value = labelOf(series, frame, source, shown, { window, isInverted, camera: this.camera });
    const isView = source.kind === "picture" && !source.loaded.rendition.startsWith("p");
    this.onPaint(isView || source.kind === "plane" || source.kind === "failed");
  }
}
