import { describe, expect, it } from "vitest";
import type { WindowSetting } from "../types";
import { approximateTable, dragged, grey, renditionSuffix, shadeValue, storedTable, tidy } from "./window";

const window = (center: number, width: number, name: WindowSetting["function"] = "LINEAR") => ({
  window_center: center,
  window_width: width,
  function: name,
});

describe("greys under a window", () => {
  it("follow PS3.3 C.11.2.1.2 for LINEAR", () => {
    for (const value of [-1000, -160, -159.5, 0, 39.5, 40, 100, 239, 240, 3000]) {
      const share = Math.min(Math.max((value - 39.5) / 399 + 0.5, 0), 1);
      expect(grey(window(40, 400), value)).toBe(Math.floor(share * 255 + 0.5));
    }
  });

  it("follow C.11.2.1.3 for LINEAR_EXACT and SIGMOID", () => {
    expect(grey(window(40, 400, "LINEAR_EXACT"), -160)).toBe(0);
    expect(grey(window(40, 400, "LINEAR_EXACT"), 240)).toBe(255);
    expect(grey(window(40, 400, "SIGMOID"), 40)).toBe(128);
    expect(grey(window(40, 400, "SIGMOID"), 140)).toBe(Math.floor(255 / (1 + Math.exp(-1)) + 0.5));
  });

  it("are a step for a width of 1", () => {
    expect([9, 9.5, 9.6, 10].map((value) => grey(window(10, 1), value))).toEqual([0, 0, 255, 255]);
  });

  it("go back to the values they came from, within one step", () => {
    for (const name of ["LINEAR", "LINEAR_EXACT", "SIGMOID"] as const)
      for (const shade of [1, 60, 128, 200, 254])
        expect(
          Math.abs(grey(window(40, 400, name), shadeValue(window(40, 400, name), shade)) - shade),
        ).toBeLessThanOrEqual(1);
  });
});

describe("tables", () => {
  it("give every stored value its grey, signed and inverted where the plane is", () => {
    const table = new Uint32Array(65536);
    const scale = { signed: true, slope: 2, intercept: -10, invert: true };
    storedTable(window(40, 400), scale, { least: -50, most: 50 }, table);
    for (const value of [-50, -1, 0, 50])
      expect((table[value & 0xffff] as number) & 0xff).toBe(255 - grey(window(40, 400), value * 2 - 10));
  });

  it("leave a picture alone where the window stays the same", () => {
    const table = approximateTable(window(40, 400), window(40, 400), false, false);
    expect(Array.from(table, (pixel) => pixel & 0xff)).toEqual(
      Array.from({ length: 256 }, (_, shade) => shade),
    );
  });
});

describe("a dragged window", () => {
  it("widens to the right and rises downwards", () => {
    const moved = dragged(window(40, 400), { x: 40, y: 50 });
    expect(moved.window_width).toBeGreaterThan(400);
    expect(moved.window_center).toBe(120);
  });

  it("is never narrower than the standard allows, and few enough to be kept", () => {
    expect(dragged(window(40, 400), { x: -5000, y: 0 }).window_width).toBe(1);
    expect(tidy(window(40.4321, 399.87))).toEqual(window(40, 400));
  });

  it("has a name that the server knows", () => {
    expect(renditionSuffix(window(-600, 1500.5, "SIGMOID"))).toBe("-c-600-w1500.5-sigmoid");
    expect(renditionSuffix(null)).toBe("");
  });
});
