import { describe, expect, it } from "vitest";
import {
  clamp,
  extent,
  FIT,
  pan,
  pictureAt,
  pinch,
  pixelZoom,
  placement,
  screenAt,
  toggle,
} from "./viewport";

const picture = { width: 512, height: 512 };
const screen = { width: 1170, height: 1800 };

describe("the place of a picture", () => {
  it("fits and is centred", () => {
    const place = placement(FIT, picture, screen);
    expect(place).toMatchObject({ width: 1170, height: 1170, x: 0, y: 315 });
  });

  it("is stretched where pixels are not square", () => {
    expect(extent({ rows: 100, columns: 100, pixel_aspect: 2 })).toEqual({ width: 100, height: 200 });
    expect(extent({ rows: 100, columns: 100, pixel_aspect: 0.5 })).toEqual({ width: 100, height: 50 });
  });
});

describe("hands", () => {
  it("zoom about the point between the fingers", () => {
    const fingers = { from: { x: 300, y: 700 }, to: { x: 300, y: 700 } };
    const held = pictureAt(fingers.from, FIT, picture, screen);
    const view = pinch(FIT, 3, fingers, picture, screen);
    const after = screenAt(held, view, picture, screen);
    expect(view.zoom).toBeCloseTo(3);
    expect(after.x).toBeCloseTo(300);
    expect(after.y).toBeCloseTo(700);
  });

  it("pinch and pan at once", () => {
    const view = pinch(FIT, 4, { from: { x: 585, y: 900 }, to: { x: 685, y: 950 } }, picture, screen);
    expect(screenAt({ x: 0.5, y: 0.5 }, view, picture, screen).x).toBeCloseTo(685);
  });

  it("never zoom out beyond the whole picture, nor leave an empty band", () => {
    expect(pinch(FIT, 0.2, { from: { x: 0, y: 0 }, to: { x: 0, y: 0 } }, picture, screen)).toEqual(FIT);
    const far = pan({ zoom: 4, x: 0.5, y: 0.5 }, { x: 99999, y: -99999 }, picture, screen);
    const place = placement(far, picture, screen);
    expect(place.x).toBeLessThanOrEqual(0.001);
    expect(place.y + place.height).toBeGreaterThanOrEqual(screen.height - 0.001);
    expect(clamp({ zoom: 0.1, x: 9, y: -9 }, picture, screen)).toEqual(FIT);
  });

  it("toggle between the whole picture and whole stored pixels", () => {
    const large = { width: 3000, height: 2500 };
    const zoomed = toggle(FIT, { x: 585, y: 900 }, large, screen);
    expect(placement(zoomed, large, screen).scale).toBeCloseTo(1);
    expect(toggle(zoomed, { x: 0, y: 0 }, large, screen)).toEqual(FIT);
    expect(pixelZoom(picture, screen)).toBeGreaterThan(1);
  });
});
