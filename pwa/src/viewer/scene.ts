import { batch, signal } from "@preact/signals";
import type { Frame, PresentationState, Series, StudyDetail, Video } from "../types";
import type { Start } from "../viewing";
import { Camera } from "./camera";
import { Cine } from "./cine";
import { draw } from "./drawing";
import type { Tool } from "./gestures";
import { type Label, labelOf, videoLabel } from "./label";
import { Measuring } from "./measuring";
import { Motion } from "./motion";
import { Painter } from "./paint";
import { Pictures } from "./pictures";
import type { Planes } from "./planes";
import { Presentation } from "./presentation";
import { isPreview } from "./renditions";
import { firstStack, stacksOf, timingOf } from "./series";
import type { Stack } from "./stack";
import type { Size } from "./viewport";
import { Windowing } from "./windowing";

/** One viewer: what is looked at and how, and the canvas that shows it. */
export class Scene {
  readonly stacks: Series[];
  /** Measurements are kept for those who have an account: a guest has none. */
  readonly mayMeasure: boolean;
  readonly series = signal<Series | null>(null);
  readonly label = signal<Label | null>(null);
  /** The slice asked for; the label says which one is drawn. */
  readonly n = signal(1);
  readonly tool = signal<Tool>("scroll");
  readonly isInverted = signal(false);
  readonly wantsFull = signal(false);
  readonly stack = signal<Stack | null>(null);
  readonly cine = signal<Cine | null>(null);
  /** The video that plays in the picture's place; null where frames are shown. */
  readonly video = signal<Video | null>(null);
  readonly presentation = new Presentation();
  readonly camera = new Camera(
    () => this.frame,
    () => this.look(),
  );
  readonly windowing = new Windowing({
    n: () => this.n.value,
    frame: () => this.frame,
    picture: () => this.stack.value?.best(this.n.value, this.presentation.suffix(this.n.value)) ?? null,
    planes: () => this.exactPlanes(),
    changed: (how) => this.windowChanged(how),
    begins: () => this.windowBegins(),
    say: (words) => this.say(words),
  });
  readonly measuring = new Measuring({
    series: () => this.series.value,
    planes: () => this.exactPlanes(),
  });
  /** Called when a picture has been painted, and after every change of what the address should tell. */
  onPaint: (hasPicture: boolean) => void = () => {};
  onMove: () => void = () => {};
  /** Plays or pauses the video, while there is one. */
  onPlay: () => void = () => {};

  private pictures: Pictures | null = null;
  private painter: Painter | null = null;
  readonly motion = new Motion(() => this.look());
  private pending = 0;

  constructor(
    private readonly study: StudyDetail,
    private readonly say: (words: string) => void,
  ) {
    this.stacks = stacksOf(study);
    this.mayMeasure = !study.guest;
  }

  attach(canvas: HTMLCanvasElement): void {
    this.painter = new Painter(canvas);
  }

  dispose(): void {
    cancelAnimationFrame(this.pending);
    this.motion.stop();
    this.leaveSeries();
  }

  /** Stored values that mean what is shown; null where this frame has none. */
  exactPlanes(): Planes | null {
    return this.frame && this.pictures?.hasPlane(this.frame) ? this.pictures.planes : null;
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
    const wanted = this.stacks.find((each) => each.series_instance_uid === start.series);
    const series = wanted ?? firstStack(this.stacks);
    if (!series) return;
    batch(() => {
      this.openSeries(series, start.frame ?? undefined);
      const { windowCenter, windowWidth } = start;
      if (windowCenter !== null && windowWidth !== null && !series.color)
        this.windowing.setNumbers(windowCenter, windowWidth);
    });
  }

  /** Shows a series from its middle; a choice of images, and a video, from its first. */
  openSeries(series: Series, n?: number): void {
    if (series !== this.series.value) this.startSeries(series);
    const middle = series.kind === "images" ? Math.floor((series.frames.length + 1) / 2) : 1;
    this.goTo(this.video.value ? 1 : (n ?? middle));
  }

  private startSeries(series: Series): void {
    this.leaveSeries();
    this.pictures = new Pictures(this.study.study.study_instance_uid, series, this, {
      arrival: (n) => (n === null || n === this.n.value) && this.invalidate(),
      noWindow: this.windowImpossible,
    });
    this.stack.value = this.pictures.stack;
    this.series.value = series;
    this.windowing.startOver(!series.color);
    this.presentation.choose(null);
    this.wantsFull.value = false;
    this.isInverted.value = false;
    if (series.color && this.tool.value === "window") this.tool.value = "scroll";
    this.camera.startOver();
    this.n.value = 0;
    this.video.value = series.video?.playable ? series.video : null;
    this.cine.value = this.video.value ? null : this.cineOf(series);
  }

  private cineOf(series: Series): Cine | null {
    const count = series.frames.length;
    return count > 1 ? new Cine(timingOf(series), count, this.showNext) : null;
  }

  private leaveSeries(): void {
    this.cine.value?.pause();
    this.pictures?.dispose();
  }

  /** Shows the frames of a video that this browser cannot play. */
  videoFailed(): void {
    const series = this.series.value;
    if (!series || !this.video.value) return;
    this.video.value = null;
    this.cine.value = this.cineOf(series);
    this.say("The video cannot be played here. Its frames are shown instead.");
    this.look();
  }

  private readonly windowImpossible = () => {
    this.windowing.startOver(false);
    if (this.tool.value === "window") this.tool.value = "scroll";
    this.say("This image has no window to change.");
    this.look();
  };

  /** Shows a slice in cine if its picture is here; false where it has to be dropped. */
  private readonly showNext = (n: number): boolean => {
    const isHere = this.stack.value?.best(n, this.pictures?.suffix(n) ?? "") != null;
    this.motion.direction = 1;
    if (isHere) this.n.value = n;
    this.look(n);
    return isHere;
  };

  /** The frame as it is shown: under a presentation state with the state's shape and letters. */
  get frame(): Frame | null {
    const frame = this.series.value?.frames[this.n.value - 1];
    return frame ? this.presentation.framed(frame) : null;
  }

  goTo(n: number): void {
    const count = this.series.value?.frames.length ?? 0;
    const next = Math.min(Math.max(Math.round(n), 1), count);
    if (next === this.n.value || count === 0 || (this.video.value && this.n.value)) return;
    this.motion.direction = next > this.n.value ? 1 : -1;
    this.n.value = next;
    this.look();
    this.onMove();
  }

  /** Scrolls by slices, whole or in part: what is left over counts for the next time. */
  scroll(slices: number): void {
    this.cine.value?.pause();
    const whole = this.motion.whole(slices);
    if (whole === 0) return;
    this.motion.begin();
    this.goTo(this.n.value + whole);
  }

  scrollEnd(): void {
    this.motion.end();
  }

  /** Says that slices are flying past; comes to rest by itself. */
  moving(): void {
    this.motion.begin();
  }

  reset(): void {
    this.isInverted.value = false;
    this.wantsFull.value = false;
    this.presentation.choose(null);
    this.windowing.set(null);
    this.camera.fit();
  }

  invert(): void {
    this.isInverted.value = !this.isInverted.value;
    this.invalidate();
  }

  /** Puts a presentation state on, which brings its own window, or takes it off with null. */
  present(state: PresentationState | null): void {
    this.presentation.choose(state);
    this.windowing.set(null);
  }

  private windowBegins(): void {
    if (!this.presentation.chosen.value) return;
    this.presentation.choose(null);
    this.say("Presentation state off: the window is yours.");
  }

  private windowChanged(how: "drawn" | "looked"): void {
    if (how === "drawn") {
      this.invalidate();
      return;
    }
    this.look();
    this.onMove();
  }

  askFull(): void {
    this.wantsFull.value = true;
    if (this.frame) this.pictures?.askAll(this.frame);
    this.look();
  }

  /** Fetches what is looked at now, and draws; cine already looks at the slice that comes next. */
  private look(next = this.n.value): void {
    const { frame } = this;
    if (frame && !this.video.value) this.pictures?.look(frame, next);
    this.invalidate();
  }

  readonly invalidate = (): void => {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => this.paint());
  };

  /** Draws the slice, then writes its label, before the browser shows either. */
  private paint(): void {
    cancelAnimationFrame(this.pending);
    this.pending = 0;
    const { painter, frame, pictures } = this;
    const series = this.series.value;
    if (!painter || !frame || !pictures || !series) return;
    if (this.video.value) {
      this.measuring.placed.value = null;
      this.label.value = videoLabel(series, frame, this.video.value);
      this.onPaint(true);
      return;
    }
    const source = pictures.source(frame);
    if (source.kind === "failed" && this.presentation.covers(frame.n)) {
      this.releaseState(frame.n);
      return;
    }
    const shown = draw(painter, source, frame, {
      place: this.camera.place(frame),
      window: this.windowing.window.value,
      isInverted: this.isInverted.value,
      isMoving: this.motion.isMoving || this.windowing.isDragging,
      laid: pictures.laid(frame),
    });
    this.label.value = labelOf(series, frame, source, shown, this);
    this.measuring.show(this.presentation.covers(frame.n) ? null : frame, this.camera);
    const isView = source.kind === "picture" && !isPreview(source.loaded.rendition);
    this.onPaint(isView || source.kind === "plane" || source.kind === "failed");
  }

  private releaseState(n: number): void {
    this.presentation.release(n);
    this.say("The presentation state cannot be applied to this image. It is shown plain.");
    this.look();
  }
}
