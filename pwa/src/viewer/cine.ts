import { signal } from "@preact/signals";

/** Plays a stack at its rate; frames that are not here in time are dropped, and the rate that was reached is told. */
export class Cine {
  readonly isPlaying = signal(false);
  /** Frames a second asked for. */
  readonly rate = signal(0);
  /** Frames a second shown during the last second; null until one has passed. */
  readonly reached = signal<number | null>(null);

  private request = 0;
  private began = 0;
  private first = 1;
  private last = 0;
  private shown = 0;
  private measuredFrom = 0;

  constructor(
    rate: number,
    private readonly count: () => number,
    private readonly show: (n: number) => boolean,
  ) {
    this.rate.value = rate;
  }

  play(from: number): void {
    if (this.isPlaying.value || this.count() < 2) return;
    this.isPlaying.value = true;
    this.reached.value = null;
    this.startAt(from, performance.now());
    this.request = requestAnimationFrame(this.step);
  }

  pause(): void {
    cancelAnimationFrame(this.request);
    this.isPlaying.value = false;
  }

  /** Changes the rate between 1 and 60 frames a second, going on from where it is. */
  setRate(rate: number): void {
    this.startAt(this.last || this.first, performance.now());
    this.rate.value = Math.min(Math.max(Math.round(rate), 1), 60);
  }

  private startAt(n: number, now: number): void {
    this.began = now;
    this.first = n;
    this.last = n;
    this.shown = 0;
    this.measuredFrom = now;
  }

  private readonly step = (now: number) => {
    const due = frameDue(this.first, now - this.began, this.rate.value, this.count());
    if (due !== this.last && this.show(due)) {
      this.last = due;
      this.shown += 1;
    }
    this.measure(now);
    if (this.isPlaying.value) this.request = requestAnimationFrame(this.step);
  };

  private measure(now: number): void {
    const passed = now - this.measuredFrom;
    if (passed < 1000) return;
    this.reached.value = Math.round((this.shown * 1000) / passed);
    this.shown = 0;
    this.measuredFrom = now;
  }
}

/** The frame whose time it is, from 1, after so many milliseconds of playing round and round. */
export function frameDue(first: number, passed: number, rate: number, count: number): number {
  return ((first - 1 + Math.floor((Math.max(passed, 0) * rate) / 1000)) % count) + 1;
}
