import { request } from "../api";
import { asFailure, isAbort } from "../problem";
import { isStateSuffix } from "./presentation";
import type { Placement, Size } from "./viewport";
import {
  addressOfTile,
  type ImageService,
  mostTiles,
  needsTiles,
  scaleFactorFor,
  serviceIn,
  type Tile,
  tilePlace,
  tilesAround,
} from "./zoom-tiles";

/** What is looked at: `zoom` is the frame's service, `suffix` the window or state as renditions name it. */
export interface Sight {
  zoom: string;
  suffix: string;
  place: Placement;
  screen: Size;
}

/** A tile on the screen, in canvas pixels. */
export interface LaidTile extends Size {
  x: number;
  y: number;
  bitmap: ImageBitmap;
}

/** `scaleFactor` is told once every tile in sight is there at the scale that the screen needs. */
export interface Laid {
  tiles: LaidTile[];
  scaleFactor: number | null;
}

const NOTHING: Laid = { tiles: [], scaleFactor: null };
const AT_ONCE = 6;
/** Fingers pass through many scales; only where they stay is worth the line. */
const STILL_MS = 90;
const AGAIN_AFTER_MS = 5000;

/** The tiles of very large pictures: fetches what is in sight, keeps a bounded number decoded. */
export class ZoomLayer {
  private readonly services = new Map<string, ImageService | "coming">();
  private readonly here = new Map<string, { id: string; tile: Tile; bitmap: ImageBitmap }>();
  private readonly flying = new Map<string, AbortController>();
  private readonly refused = new Map<string, number>();
  private sight: Sight | null = null;
  private still: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private isOver = false;

  constructor(private readonly onArrival: () => void) {}

  /** Looks at a part of a picture, or with null at none; what is no longer in sight is cancelled. */
  look(sight: Sight | null): void {
    this.sight = sight && needsTiles(sight.place) ? sight : null;
    clearTimeout(this.still);
    if (this.sight) this.still = setTimeout(() => this.pump(), STILL_MS);
    else this.cancelAllBut(new Set());
  }

  /** The tiles that are here for what is looked at, coarse ones first, so that fine ones are drawn over them. */
  laid(sight: Sight): Laid {
    const service = this.services.get(infoOf(sight));
    if (!service || service === "coming" || !needsTiles(sight.place)) return NOTHING;
    const id = sight.zoom + sight.suffix;
    const found: (LaidTile & { factor: number })[] = [];
    for (const { id: of, tile, bitmap } of this.here.values()) {
      if (of !== id) continue;
      const place = tilePlace(service, tile, sight.place);
      if (isOnScreen(place, sight.screen)) found.push({ ...place, bitmap, factor: tile.scaleFactor });
    }
    found.sort((one, other) => other.factor - one.factor);
    const seen = tilesAround(service, sight.place, sight.screen).seen;
    const isWhole = seen.every((tile) => this.here.has(addressOfTile(id, tile)));
    return {
      tiles: found,
      scaleFactor: isWhole ? scaleFactorFor(service, sight.place, sight.screen) : null,
    };
  }

  dispose(): void {
    this.isOver = true;
    clearTimeout(this.still);
    clearTimeout(this.again);
    this.cancelAllBut(new Set());
    for (const { bitmap } of this.here.values()) bitmap.close();
    this.here.clear();
  }

  private cancelAllBut(wanted: Set<string>): void {
    for (const [address, flight] of this.flying) {
      if (wanted.has(address)) continue;
      flight.abort();
      this.flying.delete(address);
    }
  }

  private pump(): void {
    const { sight } = this;
    if (!sight || this.isOver) return;
    const service = this.services.get(infoOf(sight));
    if (service === "coming") return;
    if (!service) return void this.ask(infoOf(sight));
    const id = sight.zoom + sight.suffix;
    const { seen, ring } = tilesAround(service, sight.place, sight.screen);
    const wanted = [...seen, ...ring].slice(0, mostTiles(service));
    const tiles = new Map(wanted.map((tile) => [addressOfTile(id, tile), tile]));
    this.cancelAllBut(new Set(tiles.keys()));
    for (const [address, tile] of tiles) {
      if (this.touch(address) || this.flying.has(address) || this.isRefused(address)) continue;
      if (this.flying.size < AT_ONCE) void this.fetch(address, id, tile, mostTiles(service));
    }
  }

  /** Whether the tile is here; it is then the last one to be dropped. */
  private touch(address: string): boolean {
    const held = this.here.get(address);
    if (!held) return false;
    this.here.delete(address);
    this.here.set(address, held);
    return true;
  }

  private isRefused(address: string): boolean {
    return Date.now() - (this.refused.get(address) ?? Number.NEGATIVE_INFINITY) < AGAIN_AFTER_MS;
  }

  private async ask(id: string): Promise<void> {
    if (this.isRefused(id)) return;
    this.services.set(id, "coming");
    try {
      const service = serviceIn(await (await request(`${id}/info.json`)).json());
      if (!service) throw new Error("The service offers no tiles.");
      this.services.set(id, service);
      this.pump();
    } catch (thrown) {
      this.services.delete(id);
      this.later(id, thrown);
    }
  }

  private async fetch(address: string, id: string, tile: Tile, most: number): Promise<void> {
    const flight = new AbortController();
    this.flying.set(address, flight);
    try {
      const response = await request(address, { signal: flight.signal });
      const bitmap = await createImageBitmap(await response.blob());
      if (this.isOver || flight.signal.aborted) return bitmap.close();
      this.here.set(address, { id, tile, bitmap });
      this.trim(most);
      this.onArrival();
    } catch (thrown) {
      this.later(address, thrown);
    } finally {
      if (this.flying.get(address) === flight) this.flying.delete(address);
      this.pump();
    }
  }

  /** The rendition below stays in sight; what failed in passing is asked for again after a while. */
  private later(address: string, thrown: unknown): void {
    if (isAbort(thrown) || this.isOver) return;
    const failure = asFailure(thrown);
    if (failure.status === 401) {
      this.isOver = true;
      return;
    }
    const isPassing = failure.kind === "network" || failure.status === 429 || failure.status >= 500;
    this.refused.set(address, isPassing ? Date.now() : Number.POSITIVE_INFINITY);
    clearTimeout(this.again);
    this.again = setTimeout(() => this.pump(), AGAIN_AFTER_MS + 50);
  }

  private trim(most: number): void {
    for (const [address, { bitmap }] of this.here) {
      if (this.here.size <= most) return;
      bitmap.close();
      this.here.delete(address);
    }
  }
}

/** A state may turn or cut the picture: its service has a size of its own. A window leaves the size alone. */
const infoOf = ({ zoom, suffix }: Sight) => (isStateSuffix(suffix) ? zoom + suffix : zoom);

const isOnScreen = (place: Size & { x: number; y: number }, screen: Size) =>
  place.x < screen.width &&
  place.y < screen.height &&
  place.x + place.width > 0 &&
  place.y + place.height > 0;
