import { computed, signal } from "@preact/signals";
import type { Frame, Series } from "../types";
import type { Camera } from "./camera";
import { type Drawn, isRegion, isWhole, KINDS, type Kind, type Place, stroked } from "./measure";
import { type Handle, handleAt, type Laying, placeUnder, pointOver } from "./measure-shape";
import type { Planes } from "./planes";
import type { Point } from "./viewport";

const MOST = 500;

/** What measuring needs of the viewer. */
export interface Measured {
  series(): Series | null;
  /** Stored values, null where this frame has none. */
  planes(): Planes | null;
}

/** The frame that is painted, and where it lies. */
export interface Placed {
  frame: Frame;
  laying: Laying;
}

/** A finger on a point of a drawing, or looking for a value. */
export interface Finger {
  at: Point;
  /** The place that is being set or looked at; the finger need not lie exactly on it. */
  place: Place;
  isProbing: boolean;
}

/** What a person draws on a study's pictures, and what they are doing with it now. */
export class Measuring {
  /** Null where nothing can be measured: a video, a presentation state, no picture. */
  readonly placed = signal<Placed | null>(null);
  /** Called after each change of what is to be kept. */
  onChange: () => void = () => {};
  readonly drawn = signal<Drawn[]>([]);
  /** The kind that the next stroke draws. */
  readonly kind = signal<Kind | null>(null);
  readonly chosen = signal<string | null>(null);
  /** The drawing that still lacks a stroke, or is under the finger for the first time. */
  readonly begun = signal<Drawn | null>(null);
  readonly finger = signal<Finger | null>(null);
  readonly canUndo = computed(() => this.past.value.length > 0 || this.begun.value !== null);

  private readonly past = signal<Drawn[][]>([]);
  private held: (Handle & { grip: Point }) | null = null;
  private stroke: { from: Place; before: Place[] } | null = null;

  constructor(private readonly at: Measured) {}

  private get laying(): Laying | null {
    return this.placed.value?.laying ?? null;
  }

  private get frame(): Frame | null {
    return this.placed.value?.frame ?? null;
  }

  /** The frame as it has just been painted; null under a presentation state, which may have turned and cropped it. */
  show(frame: Frame | null, camera: Pick<Camera, "place" | "ratio">): void {
    if (!frame) {
      this.placed.value = null;
      return;
    }
    const { rows, columns } = frame;
    this.placed.value = { frame, laying: { place: camera.place(frame), ratio: camera.ratio, rows, columns } };
  }

  /** What the next stroke should do; empty while none is expected. */
  hint(): string {
    const kind = this.kind.value;
    if (!kind) return "";
    const strokes = KINDS[kind].strokes;
    return (this.begun.value && strokes[1]) || strokes[0];
  }

  /** The finished drawings on a frame. */
  on(frame: Frame): Drawn[] {
    return this.drawn.value.filter(
      (one) => one.sop_instance_uid === frame.sop_instance_uid && one.frame_number === frame.frame_number,
    );
  }

  /** Chooses what the next stroke draws, or nothing with null; what was begun is dropped. */
  arm(kind: Kind | null): void {
    this.kind.value = kind;
    this.chosen.value = null;
    this.begun.value = null;
    this.stroke = null;
  }

  /** Whether a finger that comes down here would draw, or move a point. */
  takes(point: Point): boolean {
    return this.laying !== null && (this.kind.value !== null || this.handle(point) !== null);
  }

  /** A finger comes down; true where it holds a point of a drawing. */
  down(point: Point): boolean {
    const laying = this.laying;
    const handle = this.begun.value ? null : this.handle(point);
    if (!laying) return false;
    if (!handle) {
      this.stroke = { from: placeUnder(point, laying), before: this.begunHere()?.points ?? [] };
      return false;
    }
    const place = handle.drawn.points[handle.index] as Place;
    const over = pointOver(place, laying);
    this.held = { ...handle, grip: { x: over.x - point.x, y: over.y - point.y } };
    this.chosen.value = handle.drawn.id;
    this.finger.value = { at: point, place, isProbing: false };
    return true;
  }

  drag(point: Point): void {
    const laying = this.laying;
    if (!laying) return;
    const { held } = this;
    // A held point goes with the finger from where it was: it does not jump below the fingertip.
    const grip = held?.grip ?? { x: 0, y: 0 };
    const place = placeUnder({ x: point.x + grip.x, y: point.y + grip.y }, laying);
    this.finger.value = { at: point, place, isProbing: false };
    if (held) this.begun.value = { ...held.drawn, points: held.drawn.points.with(held.index, place) };
    else this.strokeTo(place);
  }

  private strokeTo(place: Place): void {
    const kind = this.kind.value;
    if (!kind || !this.stroke) return;
    const points = stroked(kind, this.stroke.before, this.stroke.from, place);
    const begun = this.begunHere() ?? this.fresh(kind);
    if (begun) this.begun.value = { ...begun, points };
  }

  /** The finger is off; `isMeant` is false where the stroke does not count, such as when a second finger came. */
  up(isMeant: boolean): void {
    const { held, stroke } = this;
    const begun = this.begun.value;
    this.held = null;
    this.stroke = null;
    this.finger.value = null;
    if (!isMeant) {
      const before = stroke?.before ?? [];
      this.begun.value = begun && !held && before.length ? { ...begun, points: before } : null;
      return;
    }
    if (!begun || !isWhole(begun)) return;
    this.begun.value = null;
    if (held) this.replace(this.drawn.value.map((one) => (one.id === begun.id ? begun : one)));
    else this.replace([...this.drawn.value, begun]);
    this.kind.value = null;
    this.chosen.value = begun.id;
  }

  /** Chooses the drawing under the point; false where there is none. */
  choose(point: Point): boolean {
    const handle = this.handle(point);
    const before = this.chosen.value;
    this.chosen.value = handle?.drawn.id ?? null;
    return handle !== null || before !== null;
  }

  /** Looks at the value under a finger that rests. */
  probe(point: Point): void {
    const laying = this.laying;
    if (laying) this.finger.value = { at: point, place: placeUnder(point, laying), isProbing: true };
    this.wantValues();
  }

  probeEnd(): void {
    this.finger.value = null;
  }

  /** Asks for the exact values where a region or a probe needs them. */
  wantValues(): void {
    const frame = this.frame;
    if (!frame) return;
    const hasRegion = this.shown(frame).some((one) => isRegion(one.kind));
    if (hasRegion || this.finger.value?.isProbing) this.at.planes()?.want(frame.n, 1);
  }

  /** All that is to be seen on a frame, with what is under the finger in the place of what it was. */
  shown(frame: Frame): Drawn[] {
    const begun = this.begunHere();
    const others = this.on(frame).filter((one) => one.id !== begun?.id);
    return begun ? [...others, begun] : others;
  }

  /** The chosen drawing, if it is on the frame. */
  chosenOn(frame: Frame): Drawn | null {
    return this.on(frame).find((one) => one.id === this.chosen.value) ?? null;
  }

  undo(): void {
    if (this.begun.value) {
      this.begun.value = null;
      return;
    }
    const before = this.past.value.at(-1);
    if (!before) return;
    this.past.value = this.past.value.slice(0, -1);
    this.drawn.value = before;
    this.chosen.value = null;
    this.onChange();
  }

  delete(): void {
    const frame = this.frame;
    const chosen = frame && this.chosenOn(frame);
    if (chosen) this.replace(this.drawn.value.filter((one) => one !== chosen));
    this.chosen.value = null;
  }

  /** Removes all drawings on the frame in sight; the others stay. */
  clear(): void {
    const frame = this.frame;
    const here = new Set(frame ? this.on(frame) : []);
    if (here.size) this.replace(this.drawn.value.filter((one) => !here.has(one)));
    this.arm(null);
  }

  write(id: string, text: string): void {
    const words = text.trim().slice(0, 80);
    this.replace(this.drawn.value.map((one) => (one.id === id ? { ...one, text: words } : one)));
  }

  /** Takes what is kept elsewhere: drawings from here stay, and win where both have them. */
  join(kept: Drawn[]): void {
    const here = new Set(this.drawn.value.map((one) => one.id));
    this.drawn.value = [...kept.filter((one) => !here.has(one.id)), ...this.drawn.value].slice(0, MOST);
  }

  private replace(drawn: Drawn[]): void {
    this.past.value = [...this.past.value.slice(-49), this.drawn.value];
    this.drawn.value = drawn.slice(-MOST);
    this.onChange();
  }

  private handle(point: Point): Handle | null {
    const [frame, laying] = [this.frame, this.laying];
    return frame && laying ? handleAt(point, this.on(frame), this.chosen.value, laying) : null;
  }

  /** What was begun, if it was on the frame in sight. */
  private begunHere(): Drawn | null {
    const [begun, frame] = [this.begun.value, this.frame];
    const isHere =
      begun?.sop_instance_uid === frame?.sop_instance_uid && begun?.frame_number === frame?.frame_number;
    return isHere ? begun : null;
  }

  private fresh(kind: Kind): Drawn | null {
    const [frame, series] = [this.frame, this.at.series()];
    if (!frame || !series) return null;
    return {
      id: newId(),
      kind,
      series_instance_uid: series.series_instance_uid,
      sop_instance_uid: frame.sop_instance_uid,
      frame_number: frame.frame_number,
      points: [],
      text: "",
    };
  }
}

/** A name that no other device gives: a plain http address has no `crypto.randomUUID`. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
