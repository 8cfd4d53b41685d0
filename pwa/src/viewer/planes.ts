import { asFailure, isAbort } from "../problem";
import { fetchPlane, type Plane } from "./plane";

const MOST_BYTES = 64 * 2 ** 20;

/** The planes of one series that are here, and the one that is coming. */
export class Planes {
  /** False once the server has said that windows do not apply here. */
  isPossible = true;
  /** Whether the series' pictures are MONOCHROME1; null until a plane has told. */
  isMonochrome1: boolean | null = null;

  private readonly here = new Map<number, Plane>();
  private coming: { n: number; reduce: 1 | 2; abort: AbortController } | null = null;

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
    if (this.coming?.n === n && this.coming.reduce <= reduce) return;
    this.cancel();
    const coming = { n, reduce, abort: new AbortController() };
    this.coming = coming;
    void this.bring(coming);
  }

  cancel(): void {
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
      this.isMonochrome1 = plane.invert;
      this.trim();
      if (this.coming === coming) this.coming = null;
      this.onArrival();
    } catch (thrown) {
      if (this.coming === coming) this.coming = null;
      if (isAbort(thrown)) return;
      if (asFailure(thrown).status === 404) {
        this.isPossible = false;
        this.onImpossible();
      }
    }
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
