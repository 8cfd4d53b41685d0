import { describe, expect, it } from "vitest";
import { beside } from "./measure-magnifier";

describe("the magnifier", () => {
  it.each([
    [390, 600],
    [340, 500],
    [240, 500],
    [800, 900],
  ])("lies on a screen of %i by %i and never under the finger", (width, height) => {
    for (let x = 0; x <= width; x += 20)
      for (let y = 0; y <= height; y += 20) {
        const middle = beside({ x, y }, { width, height });
        expect(middle.x).toBeGreaterThanOrEqual(56);
        expect(middle.x).toBeLessThanOrEqual(width - 56);
        expect(middle.y).toBeGreaterThanOrEqual(56);
        expect(middle.y).toBeLessThanOrEqual(height - 56);
        // Its edge is a fingertip's half away, and more.
        expect(Math.hypot(middle.x - x, middle.y - y)).toBeGreaterThan(56 + 22);
      }
  });
});
