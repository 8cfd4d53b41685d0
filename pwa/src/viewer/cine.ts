import { signal } from "@preact/signals";
import type { CineTiming } from "../types";

/** Plays a stack at its rate, or by its frames' own times; frames that are not here in time are dropped, and the rate that was reached is told. */
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

  private readonly ownRate: number;
  private readonly schedule: Schedule | null;

  constructor(
    timing: CineTiming,
    private readonly count: number,
    private readonly show: (n: number) => boolean,
  ) {
    this.ownRate = timing.rate;
    this.rate.value = timing.rate;
    this.schedule = Schedule.of(timing.frame_times, count);
  }

  play(from: number): void {
    if (this.isPlaying.value || this.count < 2) return;
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
    const due = this.due(now - this.began);
    if (due !== this.last && this.show(due)) {
      this.last = due;
      this.shown += 1;
    }
    this.measure(now);
    if (this.isPlaying.value) this.request = requestAnimationFrame(this.step);
  };

  private due(passed: number): number {
    const rate = this.rate.value;
    // A changed rate hurries or slows all frames alike.
    if (this.schedule) return this.schedule.due(this.first, (passed * rate) / this.ownRate);
    return frameDue(this.first, passed, rate, this.count);
  }

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

/** When each frame of an uneven cine is due. */
export class Schedule {
  /** The time at which each frame begins, and at the end the time of a whole round. */
  private readonly begins: number[] = [0];

  /** `times` are milliseconds from each frame to the next. */
  constructor(private readonly times: number[]) {
    let sum = 0;
    for (const time of times) {
      sum += time;
      this.begins.push(sum);
    }
  }

  /** The schedule of those times; null where they do not fit the frames or never pass. */
  static of(times: number[] | null | undefined, count: number): Schedule | null {
    if (times?.length !== count || times.some((time) => !(time >= 0))) return null;
    return times.some((time) => time > 0) ? new Schedule(times) : null;
  }

  /** The frame, from 1, that is shown after so many milliseconds of playing round and round. */
  due(first: number, passed: number): number {
    const count = this.times.length;
    const round = this.begins[count] ?? 0;
    const at = ((this.begins[first - 1] ?? 0) + Math.max(passed, 0)) % round;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.begins[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}
