import type { Frame, Series } from "../types";
import type { Camera } from "./camera";
import type { Cine } from "./cine";
import type { Motion } from "./motion";
import { Planes } from "./planes";
import type { Presentation } from "./presentation";
import { viewRendition } from "./renditions";
import { type Source, sourceFor, type Wanted } from "./source";
import { Stack } from "./stack";
import { renditionSuffix } from "./window";
import type { Windowing } from "./windowing";
import { type Laid, type Sight, ZoomLayer } from "./zoom-layer";

const IDLE_MS = 260;
const NO_TILES: Laid = { tiles: [], scaleFactor: null };

/** How a series is looked at. */
export interface Look {
  windowing: Windowing;
  presentation: Presentation;
  motion: Motion;
  camera: Camera;
  wantsFull: { value: boolean };
  cine: { value: Cine | null };
}

/** All that can be had of one series: renditions, stored values, and tiles where its frames are very large. */
export class Pictures {
  readonly stack: Stack;
  readonly planes: Planes;
  private readonly zoom: ZoomLayer | null;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    study: string,
    private readonly series: Series,
    private readonly how: Look,
    on: { arrival: (n: number | null) => void; noWindow: () => void },
  ) {
    const arrival = () => on.arrival(null);
    this.stack = new Stack(study, series, on.arrival);
    this.planes = new Planes({ study, series: series.series_instance_uid }, arrival, on.noWindow);
    this.zoom = series.frames.some((frame) => frame.zoom) ? new ZoomLayer(arrival) : null;
  }

  dispose(): void {
    clearTimeout(this.idle);
    this.planes.cancel();
    this.zoom?.dispose();
    this.stack.dispose();
  }

  /** The window or state of a slice, as renditions name it. */
  suffix(n: number): string {
    return this.how.presentation.suffix(n) || renditionSuffix(this.how.windowing.window.value);
  }

  /** Whether a slice's stored values can be had and mean what is shown. */
  hasPlane(frame: Frame): boolean {
    return this.how.windowing.isPossible.value && !frame.zoom && !this.how.presentation.covers(frame.n);
  }

  /** Fetches what is looked at; `n` is the slice that comes next. Whatever is no longer wanted is cancelled. */
  look(frame: Frame, n: number): void {
    const { motion, windowing, presentation, wantsFull } = this.how;
    const window = windowing.window.value;
    const focus = {
      current: n,
      direction: motion.direction,
      view: this.size(frame) + (windowing.isDragging ? "" : renditionSuffix(window)),
      state: (each: number) => presentation.suffix(each),
      isMoving: motion.isMoving,
    };
    this.stack.look(focus, window);
    this.zoom?.look(motion.isMoving || windowing.isDragging ? null : this.sight(frame));
    clearTimeout(this.idle);
    if ((window || wantsFull.value) && this.hasPlane(frame))
      this.idle = setTimeout(() => this.whenIdle(frame), IDLE_MS);
  }

  /** What there is to draw for the frame. */
  source(frame: Frame): Source {
    return sourceFor(this.series, frame, this.stack, this.planes, this.wanted(frame));
  }

  /** The tiles to lie over the frame's rendition. */
  laid(frame: Frame): Laid {
    const sight = this.sight(frame);
    return (sight && this.zoom?.laid(sight)) || NO_TILES;
  }

  /** Asks for every stored value of the frame, where there are any. */
  askAll(frame: Frame): void {
    if (this.hasPlane(frame)) this.planes.want(frame.n, 1);
  }

  private wanted(frame: Frame): Wanted {
    const { windowing, motion, wantsFull } = this.how;
    return {
      n: frame.n,
      window: windowing.window.value,
      suffix: this.suffix(frame.n),
      mayUsePlanes: this.hasPlane(frame),
      wantsFull: wantsFull.value,
      isMoving: motion.isMoving || windowing.isDragging,
    };
  }

  /** The rendition's name without window or state; all pixels where they are asked for and planes cannot give them. */
  private size(frame: Frame): string {
    if (this.how.wantsFull.value && !this.hasPlane(frame) && !frame.zoom) return "full";
    const place = this.how.camera.place(frame);
    return viewRendition(frame, Math.max(place.width, place.height));
  }

  private sight(frame: Frame): Sight | null {
    const { camera } = this.how;
    if (!frame.zoom) return null;
    return {
      zoom: frame.zoom,
      suffix: this.suffix(frame.n),
      place: camera.place(frame),
      screen: camera.screen,
    };
  }

  private whenIdle(frame: Frame): void {
    const { motion, windowing, cine } = this.how;
    if (!motion.isMoving && !windowing.isDragging && !cine.value?.isPlaying.value) this.askAll(frame);
  }
}
