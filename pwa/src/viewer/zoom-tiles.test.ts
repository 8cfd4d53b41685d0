import { describe, expect, it } from "vitest";
import { FIT, placement, type View } from "./viewport";
import {
  addressOfTile,
  type ImageService,
  mostTiles,
  needsTiles,
  scaleFactorFor,
  serviceIn,
  tileAt,
  tilePlace,
  tilesAround,
} from "./zoom-tiles";

const radiograph: ImageService = {
  width: 6000,
  height: 5000,
  tile: { width: 512, height: 512 },
  scaleFactors: [1, 2, 4, 8, 16],
};
const slide: ImageService = {
  ...radiograph,
  width: 120_000,
  height: 90_000,
  scaleFactors: [1, 2, 4, 8, 16, 32, 64, 128, 256],
};
const screen = { width: 1170, height: 1800 };
const placed = (service: ImageService, view: View) => placement(view, service, screen);

describe("an image service", () => {
  it("is read out of info.json, square tiles where no height is said", () => {
    const info = { width: 6000, height: 5000, tiles: [{ width: 512, scaleFactors: [4, 1, 2, 8, 16] }] };
    expect(serviceIn(info)).toEqual(radiograph);
    expect(serviceIn({ ...info, tiles: [{ width: 512, height: 256, scaleFactors: [1] }] })?.tile.height).toBe(
      256,
    );
  });

  it("is none without size, tiles or scale factors", () => {
    expect(serviceIn(null)).toBeNull();
    expect(serviceIn({ width: 6000, height: 5000 })).toBeNull();
    expect(serviceIn({ width: 0, height: 5000, tiles: [{ width: 512, scaleFactors: [1] }] })).toBeNull();
    expect(serviceIn({ width: 6000, height: 5000, tiles: [{ width: 512, scaleFactors: [] }] })).toBeNull();
  });
});

describe("tiles", () => {
  it("are needed only once the screen has more pixels than the largest rendition", () => {
    expect(needsTiles(placed(radiograph, FIT))).toBe(false);
    expect(needsTiles(placed(radiograph, { zoom: 3, x: 0.5, y: 0.5 }))).toBe(true);
  });

  it("come at the coarsest scale that is still sharp", () => {
    const at = (zoom: number) =>
      scaleFactorFor(radiograph, placed(radiograph, { zoom, x: 0.5, y: 0.5 }), screen);
    // Fitted, one device pixel covers 6000 / 1170 = 5.1 stored ones.
    expect([1, 2, 3, 5.2, 20].map(at)).toEqual([4, 2, 1, 1, 1]);
  });

  it("cover the screen, and never more of the picture than one ring beyond it", () => {
    const place = placed(radiograph, { zoom: 6, x: 0.4, y: 0.6 });
    const { seen, ring } = tilesAround(radiograph, place, screen);
    const inSeen = (x: number, y: number) =>
      seen.some((t) => x >= t.x && x < t.x + t.width && y >= t.y && y < t.y + t.height);
    const scale = 6000 / place.width;
    for (const [x, y] of [
      [0, 0],
      [1169, 0],
      [0, 1799],
      [1169, 1799],
      [600, 900],
    ] as const)
      expect(inSeen((x - place.x) * scale, (y - place.y) * scale)).toBe(true);
    const seenArea = seen.reduce((sum, tile) => sum + tile.width * tile.height, 0);
    const screenArea = screen.width * scale * screen.height * scale;
    expect(seenArea).toBeLessThan(screenArea * 3);
    expect(new Set([...seen, ...ring].map((tile) => addressOfTile("", tile))).size).toBe(
      seen.length + ring.length,
    );
    for (const tile of ring) {
      const on = tilePlace(radiograph, tile, place);
      expect(on.x + on.width <= 1 || on.y + on.height <= 1 || on.x >= 1169 || on.y >= 1799).toBe(true);
    }
  });

  it("begin in the middle of the screen", () => {
    const place = placed(slide, { zoom: 40, x: 0.3, y: 0.7 });
    const first = tilesAround(slide, place, screen).seen[0];
    expect(first && Math.abs(first.x + first.width / 2 - 36_000)).toBeLessThanOrEqual(
      (first?.width ?? 0) / 2,
    );
  });

  it("stay few enough to be kept at every zoom, on every screen", () => {
    for (const size of [screen, { width: 2560, height: 1600 }, { width: 4000, height: 4000 }])
      for (const service of [radiograph, slide, { ...slide, tile: { width: 256, height: 256 } }])
        for (let zoom = 1; zoom < 700; zoom *= 1.3) {
          const place = placement({ zoom, x: 0.5, y: 0.5 }, service, size);
          const { seen } = tilesAround(service, place, size);
          expect(seen.length).toBeLessThanOrEqual(mostTiles(service));
        }
  });

  it("are fewer where each is large", () => {
    expect(mostTiles(radiograph)).toBe(64);
    expect(mostTiles({ ...radiograph, tile: { width: 1024, height: 1024 } })).toBe(16);
  });

  it("are cut where the picture ends, and named as IIIF has it", () => {
    expect(addressOfTile("/iiif/3/abc-p2", tileAt(radiograph, 4, 2, 2))).toBe(
      "/iiif/3/abc-p2/4096,4096,1904,904/476,226/0/default.jpg",
    );
    expect(addressOfTile("/iiif/3/abc", tileAt(radiograph, 1, 0, 1))).toBe(
      "/iiif/3/abc/0,512,512,512/512,512/0/default.jpg",
    );
  });

  it("meet without a seam", () => {
    const place = placed(radiograph, { zoom: 3.7, x: 0.41, y: 0.53 });
    const left = tilePlace(radiograph, tileAt(radiograph, 2, 1, 1), place);
    const right = tilePlace(radiograph, tileAt(radiograph, 2, 2, 1), place);
    const below = tilePlace(radiograph, tileAt(radiograph, 2, 1, 2), place);
    expect(left.x + left.width).toBe(right.x);
    expect(left.y + left.height).toBe(below.y);
  });

  it("lie where a picture with oblong pixels has them", () => {
    const place = placement(FIT, { width: 6000, height: 10_000 }, screen);
    const whole = tilePlace(radiograph, tileAt(radiograph, 16, 0, 0), place);
    expect(whole.height / whole.width).toBeCloseTo(10_000 / 6000, 2);
  });
});
