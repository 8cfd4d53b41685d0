import { signal } from "@preact/signals";
import { request, tileAddress } from "../api";
import { asFailure, isAbort, noConnection } from "../problem";
import type { Series, WindowSetting } from "../types";
import { isStateSuffix } from "./presentation";
import { mayStream, streamPreviews } from "./previews";
import { type Focus, isPreview, pictureFacts, smallerView, suffixOf, type Wish, wishes } from "./renditions";
import { type Loaded, tooMuch } from "./stack-memory";

const AT_ONCE = 6;
const DECODED_AROUND = 12;
const RETRY_AFTER_MS = 3000;

/** The pictures of one series: what to fetch next, what is here, what is kept decoded. */
export class Stack {
  /** Slices of which at least one picture is here, as a word of one bit per slice for the scrubber. */
  readonly arrived = signal<Uint8Array>(new Uint8Array());
  readonly arrivedCount = signal(0);
  /** True while the network is away; fetching goes on by itself when it is back. */
  readonly isCutOff = signal(false);

  private readonly loaded = new Map<string, Loaded>();
  private readonly flying = new Map<string, AbortController>();
  private readonly decoding = new Set<string>();
  /** Why a rendition could not be had, by its key. */
  private readonly failures = new Map<string, string>();
  private focus: Focus;
  private window: WindowSetting | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private isOver = false;
  /** The stream of all previews: not asked for yet, coming, or over; while it is not over no other is asked for alone. */
  private stream: "ahead" | "coming" | "over";
  private readonly leaving = new AbortController();

  constructor(
    private readonly study: string,
    private readonly series: Series,
    private readonly onArrival: (n: number) => void,
  ) {
    this.focus = {
      count: series.tiles ? series.frames.length : 0,
      current: 1,
      direction: 1,
      view: "v512",
      state: () => "",
      isMoving: false,
    };
    this.arrived.value = new Uint8Array(series.frames.length + 1);
    this.stream = mayStream(this.focus.count) ? "ahead" : "over";
    globalThis.addEventListener?.("online", this.resume);
  }

  /** Looks at another slice, size or window; whatever is no longer wanted is cancelled. */
  look(at: Omit<Focus, "count">, window: WindowSetting | null): void {
    this.focus = { ...at, count: this.focus.count };
    this.window = window;
    this.pump();
    this.decodeAround();
    this.trim();
  }

  /** The best decoded picture of a slice with exactly this window suffix, or null. */
  best(n: number, suffix: string): Loaded | null {
    let best: Loaded | null = null;
    for (const each of this.of(n)) {
      if (!each.bitmap || suffixOf(each.rendition) !== suffix) continue;
      if (!best || rank(each) > rank(best)) best = each;
    }
    return best;
  }

  /** Why a slice's pictures under this window or state cannot be had, or null. */
  failure(n: number, suffix: string): string | null {
    for (const [name, reason] of this.failures)
      if (name.startsWith(`${n}/`) && (suffixOf(name) === suffix || !suffixOf(name))) return reason;
    return null;
  }

  /** Asks again for a slice that could not be shown. */
  forgive(n: number): void {
    for (const name of this.failures.keys()) if (name.startsWith(`${n}/`)) this.failures.delete(name);
    this.pump();
  }

  dispose(): void {
    this.isOver = true;
    this.leaving.abort();
    clearTimeout(this.retry);
    globalThis.removeEventListener?.("online", this.resume);
    for (const flight of this.flying.values()) flight.abort();
    for (const each of this.loaded.values()) each.bitmap?.close();
    this.loaded.clear();
  }

  private *of(n: number): Iterable<Loaded> {
    const suffixes = new Set(["", suffixOf(this.focus.view), this.focus.state(n)]);
    for (const suffix of suffixes)
      for (const size of ["p256", "v512", "v1024", "v2048", "full"]) {
        const found = this.loaded.get(key({ n, rendition: size + suffix }));
        if (found) yield found;
      }
  }

  private readonly resume = () => {
    clearTimeout(this.retry);
    this.isCutOff.value = false;
    this.pump();
  };

  private pump(): void {
    if (this.isOver || this.isCutOff.value || this.focus.count === 0) return;
    if (this.stream === "ahead" && this.hasView(this.focus.current)) void this.streamAll();
    const wanted = wishes(this.focus)
      .map((wish) => this.possible(wish))
      .filter((wish) => !this.loaded.has(key(wish)) && !this.failures.has(key(wish)))
      .filter((wish) => !this.comesByItself(wish));
    this.cancelAllBut(wanted);
    for (const wish of wanted) {
      if (this.flying.size >= AT_ONCE) break;
      if (!this.flying.has(key(wish))) void this.fetch(wish);
    }
  }

  private cancelAllBut(wanted: Wish[]): void {
    const urgent = new Set(wanted.slice(0, AT_ONCE).map(key));
    const stillWanted = new Set(wanted.map(key));
    for (const [name, flight] of this.flying) {
      const isView = !isPreview(name.slice(name.indexOf("/") + 1));
      if (stillWanted.has(name) && !(isView && !urgent.has(name))) continue;
      flight.abort();
      this.flying.delete(name);
    }
  }

  /** All previews in one answer, once the slice that is looked at is there: the line is that one's until then. */
  private async streamAll(): Promise<void> {
    this.stream = "coming";
    const at = { study: this.study, series: this.series.series_instance_uid, from: this.focus.current };
    const { signal } = this.leaving;
    try {
      await streamPreviews(at, signal, (n, body) => {
        if (body) this.keep({ n, rendition: "p256" }, body, signal, null).catch(() => undefined);
      });
    } catch {
      // What the stream did not bring is asked for one by one, where a fault has its say.
    }
    this.stream = "over";
    this.pump();
  }

  private comesByItself(wish: Wish): boolean {
    return this.stream !== "over" && wish.rendition === "p256" && wish.n !== this.focus.current;
  }

  private hasView(n: number): boolean {
    const view = key({ n, rendition: this.focus.view + this.focus.state(n) });
    return this.loaded.has(view) || this.failures.has(view);
  }

  /** Another size where one size of a picture that is otherwise good cannot be had. */
  private possible(wish: Wish): Wish {
    if (!this.failures.has(key(wish)) || isPreview(wish.rendition)) return wish;
    const preview = { n: wish.n, rendition: `p256${this.focus.state(wish.n)}` };
    const rendition = this.loaded.has(key(preview)) ? smallerView(wish.rendition) : null;
    return rendition ? this.possible({ n: wish.n, rendition }) : wish;
  }

  private async fetch(wish: Wish): Promise<void> {
    const flight = new AbortController();
    this.flying.set(key(wish), flight);
    try {
      await this.bring(wish, flight.signal);
    } catch (thrown) {
      this.refused(wish, thrown);
    } finally {
      if (this.flying.get(key(wish)) === flight) this.flying.delete(key(wish));
      this.pump();
    }
  }

  private async bring(wish: Wish, abort: AbortSignal): Promise<void> {
    const frame = this.series.frames[wish.n - 1];
    if (!frame || !this.series.tiles) return;
    const suffix = suffixOf(wish.rendition);
    const asked = suffix ? this.window : null;
    const response = await request(tileAddress(this.series.tiles, wish.rendition, wish.n), { signal: abort });
    const blob = await response.blob().catch((thrown: unknown) => {
      // The line broke in the middle of the picture: that says nothing against the picture.
      throw isAbort(thrown) ? thrown : noConnection();
    });
    await this.keep(wish, blob, abort, asked);
  }

  private async keep(wish: Wish, blob: Blob, abort: AbortSignal, asked: WindowSetting | null): Promise<void> {
    const frame = this.series.frames[wish.n - 1];
    if (!frame) return;
    const suffix = suffixOf(wish.rendition);
    const bitmap = await createImageBitmap(blob);
    if (this.isOver || abort.aborted) return bitmap.close();
    const body = { bytes: blob.size, width: bitmap.width, height: bitmap.height };
    // Under a state the frame's own window says nothing about the picture's greys.
    const of = isStateSuffix(suffix) ? { ...frame, window: null } : frame;
    const facts = pictureFacts(wish.rendition, of, body, asked);
    this.loaded.set(key(wish), { ...wish, blob, facts, bitmap });
    this.count(wish.n);
    this.onArrival(wish.n);
    this.trim();
  }

  private count(n: number): void {
    if (this.arrived.value[n]) return;
    const arrived = this.arrived.value.slice();
    arrived[n] = 1;
    this.arrived.value = arrived;
    this.arrivedCount.value += 1;
  }

  private refused(wish: Wish, thrown: unknown): void {
    if (isAbort(thrown) || this.isOver) return;
    const failure = asFailure(thrown);
    const isPassing = failure.kind === "network" || [429, 502, 503, 504].includes(failure.status);
    if (isPassing) {
      this.isCutOff.value = true;
      clearTimeout(this.retry);
      this.retry = setTimeout(this.resume, (failure.retryAfter ?? 0) * 1000 || RETRY_AFTER_MS);
      return;
    }
    if (failure.status === 401) {
      // A guest's session is over: nothing more can come, and asking again would only hammer the door.
      this.isOver = true;
      return;
    }
    this.failures.set(key(wish), failure.message);
    this.onArrival(wish.n);
  }

  /** Decodes again what lies around and has been dropped. */
  private decodeAround(): void {
    for (const each of this.loaded.values()) {
      if (each.bitmap || this.decoding.has(key(each))) continue;
      if (Math.abs(each.n - this.focus.current) > DECODED_AROUND) continue;
      this.decoding.add(key(each));
      createImageBitmap(each.blob).then(
        (bitmap) => {
          this.decoding.delete(key(each));
          if (this.isOver || !this.loaded.has(key(each))) return bitmap.close();
          each.bitmap = bitmap;
          this.onArrival(each.n);
        },
        () => this.decoding.delete(key(each)),
      );
    }
  }

  private trim(): void {
    const { bitmaps, blobs } = tooMuch([...this.loaded.values()], this.focus);
    for (const each of [...bitmaps, ...blobs]) {
      each.bitmap?.close();
      each.bitmap = null;
    }
    for (const each of blobs) this.loaded.delete(key(each));
  }
}

const key = (wish: Wish) => `${wish.n}/${wish.rendition}`;
const rank = (each: Loaded) => each.facts.width * (isPreview(each.rendition) ? 0.5 : 1);
