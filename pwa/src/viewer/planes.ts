import { asFailure, isAbort } from "../problem";
import { fetchPlane, type Plane } from "./plane";

const MOST_BYTES = 64 * 2 ** 20;
const AGAIN_AFTER_MS = 4000;
const MOST_TRIES = 2;

/** The planes of one series that are here, and the one that is coming. */
export class Planes {
  /** False once the server has said that windows do not apply here. */
  isPossible = true;
  /** Whether the series' pictures are MONOCHROME1; null until a plane has told. */
  isMonochrome1: boolean | null = null;

  private readonly here = new Map<number, Plane>();
  private readonly faults = new Map<number, { tries: number; until: number }>();
  private coming: { n: number; reduce: 1 | 2; abort: AbortController } | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly place: { study: string; series: string },
    private readonly onArrival: () => void,
    private readonly onImpossible: () => void,
  ) {}

  get(n: number): Plane | null {
    return this.here.get(n) ?? null;
  }

  /** Asks for a slice's plane unless it, or a better one, is here or coming; what was asked for other slices is cancelled. */
  want(n: number, reduce: 1 | 2): void {
    if (!this.isPossible) return;
    const held = this.here.get(n);
    if (held && held.reduce <= reduce) return;
    if (this.isResting(n)) return;
    if (this.coming?.n === n && this.coming.reduce <= reduce) return;
    this.cancel();
    const coming = { n, reduce, abort: new AbortController() };
    this.coming = coming;
    void this.bring(coming);
  }

  /** Whether asking for a slice's plane has failed for good; pictures made by the server stand in. */
  hasGivenUp(n: number): boolean {
    return (this.faults.get(n)?.tries ?? 0) >= MOST_TRIES;
  }

  cancel(): void {
    clearTimeout(this.again);
    this.coming?.abort.abort();
    this.coming = null;
  }

  private async bring(coming: { n: number; reduce: 1 | 2; abort: AbortController }): Promise<void> {
    const { n, reduce, abort } = coming;
    try {
      const plane = await fetchPlane({ ...this.place, n }, reduce, abort.signal);
      if (abort.signal.aborted) return;
      this.here.delete(n);
      this.here.set(n, plane);
      this.faults.delete(n);
      this.isMonochrome1 = plane.invert;
      this.trim();
      if (this.coming === coming) this.coming = null;
      this.onArrival();
    } catch (thrown) {
      if (this.coming === coming) this.coming = null;
      if (isAbort(thrown)) return;
      const failure = asFailure(thrown);
      if (failure.status === 404) {
        this.isPossible = false;
        this.onImpossible();
      } else this.failed(n, reduce, (failure.retryAfter ?? 0) * 1000 || AGAIN_AFTER_MS);
    }
  }

  private isResting(n: number): boolean {
    const fault = this.faults.get(n);
    return fault !== undefined && (this.hasGivenUp(n) || Date.now() < fault.until);
  }

  /** Nothing is said: what the server renders stands in, and the plane is asked for once more. */
  private failed(n: number, reduce: 1 | 2, after: number): void {
    this.faults.set(n, { tries: (this.faults.get(n)?.tries ?? 0) + 1, until: Date.now() + after });
    clearTimeout(this.again);
    if (!this.hasGivenUp(n)) this.again = setTimeout(() => this.want(n, reduce), after + 20);
    this.onArrival();
  }

  /** Drops what was asked for longest ago until the rest fits; the newest always stays. */
  private trim(): void {
    let bytes = 0;
    for (const plane of this.here.values()) bytes += plane.values.byteLength;
    for (const [n, plane] of this.here) {
      if (bytes <= MOST_BYTES || this.here.size === 1) return;
      this.here.delete(n);
      bytes -= plane.values.byteLength;
    }
  }
}
