import type { Placement, Size } from "./viewport";

/** What an IIIF Image 3 service says about one image, as far as tiles go. */
export interface ImageService extends Size {
  tile: Size;
  /** Stored pixels across one tile pixel, ascending. */
  scaleFactors: number[];
}

/** One tile: the region that it shows, in stored pixels, and the size that it is asked for in. */
export interface Tile extends Size {
  x: number;
  y: number;
  scaleFactor: number;
  /** Pixels of the tile itself. */
  size: Size;
}

/** The longest side of the largest rendition that every frame has. */
const LARGEST_RENDITION = 2048;
const MOST_TILES = 64;
const MOST_TILE_BYTES = 64 * 2 ** 20;

/** Whether the picture on the screen has more pixels than the largest rendition. */
export const needsTiles = (place: Placement) =>
  Math.max(place.width, place.height) > LARGEST_RENDITION * 1.02;

/** The service that an `info.json` describes; null where it offers no tiles. */
export function serviceIn(info: unknown): ImageService | null {
  const { width, height, tiles } = (info ?? {}) as Record<string, unknown>;
  const offered = (Array.isArray(tiles) ? tiles[0] : null) as Record<string, unknown> | null;
  if (!offered || !isLength(width) || !isLength(height) || !isLength(offered.width)) return null;
  const factors = Array.isArray(offered.scaleFactors) ? offered.scaleFactors.filter(isLength) : [];
  if (factors.length === 0) return null;
  const tile = { width: offered.width, height: isLength(offered.height) ? offered.height : offered.width };
  return { width, height, tile, scaleFactors: factors.sort((one, other) => one - other) };
}

const isLength = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;

/** How many decoded tiles may be kept: about 64, fewer where they are large. */
export function mostTiles(service: ImageService): number {
  const bytes = service.tile.width * service.tile.height * 4;
  return Math.max(4, Math.min(MOST_TILES, Math.floor(MOST_TILE_BYTES / bytes)));
}

/**
 * The coarsest scale factor that still has a pixel for every device pixel; a coarser one where the screen's tiles would be
 * more than may be kept.
 */
export function scaleFactorFor(service: ImageService, place: Placement, screen: Size): number {
  const stored = service.width / place.width;
  const factors = service.scaleFactors;
  // A tenth fewer pixels than the screen's are not seen, and cost a quarter of the tiles.
  let at = Math.max(
    0,
    factors.findLastIndex((factor) => factor <= stored * 1.1),
  );
  const most = mostTiles(service) * 0.75;
  while (at < factors.length - 1 && seenCount(service, factors[at] ?? 1, place, screen) > most) at += 1;
  return factors[at] ?? 1;
}

/** First and last column and row of the tiles that the screen shows; null where it shows none. */
interface Grid {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function seenGrid(service: ImageService, factor: number, place: Placement, screen: Size): Grid | null {
  const across = service.width / place.width;
  const down = service.height / place.height;
  const left = Math.max(0, -place.x * across);
  const top = Math.max(0, -place.y * down);
  const right = Math.min(service.width, (screen.width - place.x) * across);
  const bottom = Math.min(service.height, (screen.height - place.y) * down);
  if (right <= left || bottom <= top) return null;
  const [width, height] = [service.tile.width * factor, service.tile.height * factor];
  return {
    left: Math.floor(left / width),
    top: Math.floor(top / height),
    right: Math.ceil(right / width) - 1,
    bottom: Math.ceil(bottom / height) - 1,
  };
}

function seenCount(service: ImageService, factor: number, place: Placement, screen: Size): number {
  const grid = seenGrid(service, factor, place, screen);
  return grid ? (grid.right - grid.left + 1) * (grid.bottom - grid.top + 1) : 0;
}

/** The tiles worth having: what the screen shows, from its middle outwards, then one ring around it. */
export function tilesAround(
  service: ImageService,
  place: Placement,
  screen: Size,
): { seen: Tile[]; ring: Tile[] } {
  const factor = scaleFactorFor(service, place, screen);
  const grid = seenGrid(service, factor, place, screen);
  if (!grid) return { seen: [], ring: [] };
  const last = {
    column: Math.ceil(service.width / (service.tile.width * factor)) - 1,
    row: Math.ceil(service.height / (service.tile.height * factor)) - 1,
  };
  const seen: Tile[] = [];
  const ring: Tile[] = [];
  for (let row = Math.max(0, grid.top - 1); row <= Math.min(last.row, grid.bottom + 1); row++)
    for (let column = Math.max(0, grid.left - 1); column <= Math.min(last.column, grid.right + 1); column++) {
      const isSeen = row >= grid.top && row <= grid.bottom && column >= grid.left && column <= grid.right;
      (isSeen ? seen : ring).push(tileAt(service, factor, column, row));
    }
  const middle = {
    x: ((screen.width / 2 - place.x) * service.width) / place.width,
    y: ((screen.height / 2 - place.y) * service.height) / place.height,
  };
  const away = (tile: Tile) =>
    Math.hypot(tile.x + tile.width / 2 - middle.x, tile.y + tile.height / 2 - middle.y);
  const nearest = (one: Tile, other: Tile) => away(one) - away(other);
  return { seen: seen.sort(nearest), ring: ring.sort(nearest) };
}

/** The tile in that column and row of the grid of a scale factor; the last ones are cut where the picture ends. */
export function tileAt(service: ImageService, scaleFactor: number, column: number, row: number): Tile {
  const x = column * service.tile.width * scaleFactor;
  const y = row * service.tile.height * scaleFactor;
  const width = Math.min(service.tile.width * scaleFactor, service.width - x);
  const height = Math.min(service.tile.height * scaleFactor, service.height - y);
  const size = { width: Math.ceil(width / scaleFactor), height: Math.ceil(height / scaleFactor) };
  return { x, y, width, height, scaleFactor, size };
}

/** The tile's address (IIIF Image API 3.0, 5, the canonical form). */
export function addressOfTile(id: string, tile: Tile): string {
  const { x, y, width, height, size } = tile;
  return `${id}/${x},${y},${width},${height}/${size.width},${size.height}/0/default.jpg`;
}

/** Where the tile lies on the screen, on whole device pixels so that neighbours meet without a seam. */
export function tilePlace(service: Size, tile: Tile, place: Placement): Size & { x: number; y: number } {
  const across = (x: number) => Math.round(place.x + (x * place.width) / service.width);
  const down = (y: number) => Math.round(place.y + (y * place.height) / service.height);
  const [x, y] = [across(tile.x), down(tile.y)];
  return { x, y, width: across(tile.x + tile.width) - x, height: down(tile.y + tile.height) - y };
}
