import type { Point } from "./viewport";

export type Tool = "scroll" | "window" | "measure";
type Action = "scroll" | "pan" | "pinch" | "window" | "measure" | "probe";

/** What hands do: the first row that fits decides. Left-out conditions fit always. */
interface Row {
  pointers: number;
  button?: number;
  hasPinched?: boolean;
  tool?: Tool;
  isZoomed?: boolean;
  does: Action;
}

const TABLE: Row[] = [
  { pointers: 2, does: "pinch" },
  { pointers: 1, hasPinched: true, does: "pan" },
  { pointers: 1, button: 2, does: "window" },
  { pointers: 1, button: 1, does: "pan" },
  { pointers: 1, tool: "window", does: "window" },
  { pointers: 1, tool: "measure", does: "measure" },
  { pointers: 1, tool: "scroll", isZoomed: true, does: "pan" },
  { pointers: 1, tool: "scroll", isZoomed: false, does: "scroll" },
];

/** What the hands ask of the viewer; points and distances in CSS pixels of the element. */
export interface Asked {
  /** What a finger that comes down here does. */
  tool(at: Point): Tool;
  isZoomed(): boolean;
  count(): number;
  mayWindow(): boolean;
  scroll(slices: number): void;
  scrollEnd(): void;
  pan(by: Point): void;
  pinch(factor: number, from: Point, to: Point): void;
  windowStart(): void;
  windowDrag(by: Point): void;
  windowEnd(): void;
  /** What measures; `down` tells whether the finger holds a point, `up` whether the stroke counts. */
  measuring: {
    down(at: Point): boolean;
    drag(at: Point): void;
    up(isMeant: boolean): void;
    probe(at: Point): void;
    probeEnd(): void;
  };
  tap(at: Point): void;
  doubleTap(at: Point): void;
}

const TAP_DISTANCE = 10;
const HELD_DISTANCE = 3;
const LONG_PRESS_MS = 500;
const TAP_MS = 300;
const DOUBLE_TAP_DISTANCE = 40;
const FADE_MS = 325;

export function actionFor(state: Omit<Row, "does">): Action | null {
  const fits = (row: Row) =>
    row.pointers === state.pointers &&
    (row.button === undefined || row.button === state.button) &&
    (row.hasPinched === undefined || row.hasPinched === state.hasPinched) &&
    (row.tool === undefined || row.tool === state.tool) &&
    (row.isZoomed === undefined || row.isZoomed === state.isZoomed);
  return TABLE.find(fits)?.does ?? null;
}

/** Fingers, mouse and pen on the picture. */
export class Hands {
  private readonly pointers = new Map<number, Point>();
  private action: Action | null = null;
  private button = 0;
  private hasPinched = false;
  private began = { at: { x: 0, y: 0 }, time: 0 };
  private hasMoved = false;
  private lastTap = { at: { x: 0, y: 0 }, time: 0 };
  private isHolding = false;
  private pressTimer: ReturnType<typeof setTimeout> | undefined;
  private tapTimer: ReturnType<typeof setTimeout> | undefined;
  private speed = 0;
  private lastMove = 0;
  private glide = 0;
  private wheelRest = 0;
  private wheelTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly element: HTMLElement,
    private readonly asked: Asked,
  ) {
    element.addEventListener("pointerdown", this.down);
    element.addEventListener("pointermove", this.move);
    element.addEventListener("pointerup", this.up);
    element.addEventListener("pointercancel", this.up);
    element.addEventListener("wheel", this.wheel, { passive: false });
    element.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  dispose(): void {
    cancelAnimationFrame(this.glide);
    clearTimeout(this.tapTimer);
    clearTimeout(this.pressTimer);
    clearTimeout(this.wheelTimer);
  }

  private point(event: MouseEvent): Point {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private readonly down = (event: PointerEvent) => {
    cancelAnimationFrame(this.glide);
    if (this.pointers.size === 2) return;
    this.element.setPointerCapture(event.pointerId);
    const at = this.point(event);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size === 1) {
      this.button = event.button;
      this.hasPinched = false;
      this.hasMoved = false;
      this.began = { at, time: event.timeStamp };
      this.speed = 0;
      this.lastMove = event.timeStamp;
    } else {
      this.hasMoved = true;
    }
    this.decide();
    if (this.pointers.size === 1) this.pressed(at);
  };

  /** One finger is down: it may hold a point of a drawing, or rest until the value below it is told. */
  private pressed(at: Point): void {
    this.isHolding = this.action === "measure" && this.asked.measuring.down(at);
    clearTimeout(this.pressTimer);
    if (this.button !== 0 || this.isHolding) return;
    this.pressTimer = setTimeout(() => {
      if (this.hasMoved || this.pointers.size !== 1) return;
      if (this.action === "measure") this.asked.measuring.up(false);
      this.hasMoved = true;
      this.action = "probe";
      this.asked.measuring.probe(at);
    }, LONG_PRESS_MS);
  }

  private decide(): void {
    const before = this.action;
    this.action = actionFor({
      pointers: this.pointers.size,
      button: this.button,
      hasPinched: this.hasPinched,
      tool: this.asked.tool(this.began.at),
      isZoomed: this.asked.isZoomed(),
    });
    if (this.action === "pinch") this.hasPinched = true;
    if (before === this.action) return;
    if (before === "window" && this.hasMoved) this.asked.windowEnd();
    if (before === "measure") this.asked.measuring.up(false);
    if (before === "probe") this.asked.measuring.probeEnd();
  }

  private readonly move = (event: PointerEvent) => {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const at = this.point(event);
    const slack = this.isHolding ? HELD_DISTANCE : TAP_DISTANCE;
    if (!this.hasMoved && distance(at, this.began.at) < slack) return;
    const isFirst = !this.hasMoved;
    this.hasMoved = true;
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    this.pointers.set(event.pointerId, at);
    if (this.action === "pinch" && others[0]) this.pinched(others[0], before, at);
    else this.dragged(before, at, isFirst, event.timeStamp);
  };

  private pinched(other: Point, before: Point, at: Point): void {
    const factor = Math.max(distance(other, at), 1) / Math.max(distance(other, before), 1);
    this.asked.pinch(factor, middle(other, before), middle(other, at));
  }

  private dragged(before: Point, at: Point, isFirst: boolean, time: number): void {
    const by = { x: at.x - before.x, y: at.y - before.y };
    if (this.action === "pan") this.asked.pan(by);
    else if (this.action === "window") this.windowed(at, isFirst);
    else if (this.action === "measure") this.asked.measuring.drag(at);
    else if (this.action === "probe") this.asked.measuring.probe(at);
    else if (this.action === "scroll") this.scrolled(by.y / this.pixelsPerSlice(), time);
  }

  private windowed(at: Point, isFirst: boolean): void {
    if (!this.asked.mayWindow()) return;
    if (isFirst) this.asked.windowStart();
    this.asked.windowDrag({ x: at.x - this.began.at.x, y: at.y - this.began.at.y });
  }

  private scrolled(slices: number, time: number): void {
    const passed = Math.max(time - this.lastMove, 1);
    this.speed = 0.7 * (slices / passed) + 0.3 * this.speed;
    this.lastMove = time;
    this.asked.scroll(slices);
  }

  /** Short stacks want a firm hand, long ones a light one. */
  private pixelsPerSlice(): number {
    return Math.min(Math.max(this.element.clientHeight / Math.max(this.asked.count(), 1), 6), 28);
  }

  private readonly up = (event: PointerEvent) => {
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.pointers.size > 0) return this.decide();
    const action = this.action;
    this.action = null;
    clearTimeout(this.pressTimer);
    if (action === "measure") this.asked.measuring.up(this.hasMoved && event.type === "pointerup");
    if (action === "probe") this.asked.measuring.probeEnd();
    if (!this.hasMoved && event.type === "pointerup") {
      this.tapped(event);
      return;
    }
    if (action === "window" && this.hasMoved) this.asked.windowEnd();
    if (action === "scroll") this.release(event.timeStamp);
  };

  private release(time: number): void {
    const isStill = time - this.lastMove > 80 || Math.abs(this.speed) < 0.004;
    if (isStill || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.asked.scrollEnd();
      return;
    }
    let last = performance.now();
    const step = (now: number) => {
      const passed = Math.min(now - last, 50);
      last = now;
      this.speed *= Math.exp(-passed / FADE_MS);
      this.asked.scroll(this.speed * passed);
      if (Math.abs(this.speed) < 0.002) this.asked.scrollEnd();
      else this.glide = requestAnimationFrame(step);
    };
    this.glide = requestAnimationFrame(step);
  }

  private tapped(event: PointerEvent): void {
    if (event.timeStamp - this.began.time > TAP_MS || this.button !== 0) return;
    const at = this.point(event);
    const isSecond =
      event.timeStamp - this.lastTap.time < TAP_MS && distance(at, this.lastTap.at) < DOUBLE_TAP_DISTANCE;
    clearTimeout(this.tapTimer);
    this.lastTap = { at, time: isSecond ? 0 : event.timeStamp };
    if (isSecond) this.asked.doubleTap(at);
    else this.tapTimer = setTimeout(() => this.asked.tap(at), TAP_MS);
  }

  private readonly wheel = (event: WheelEvent) => {
    event.preventDefault();
    const at = this.point(event);
    if (event.ctrlKey) return this.asked.pinch(Math.exp(-event.deltaY / 300), at, at);
    this.asked.scroll(this.notches(event));
    clearTimeout(this.wheelTimer);
    this.wheelTimer = setTimeout(() => this.asked.scrollEnd(), 120);
  };

  /** A wheel's notch is one slice; a trackpad's small steps add up to one. */
  private notches(event: WheelEvent): number {
    if (event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL || Math.abs(event.deltaY) >= 50) {
      this.wheelRest = 0;
      return Math.sign(event.deltaY);
    }
    this.wheelRest += event.deltaY / 30;
    const whole = Math.trunc(this.wheelRest);
    this.wheelRest -= whole;
    return whole;
  }
}

const distance = (one: Point, other: Point) => Math.hypot(one.x - other.x, one.y - other.y);
const middle = (one: Point, other: Point) => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
