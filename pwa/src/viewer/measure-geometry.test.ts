import { describe, expect, it } from "vitest";
import { angle, area, cobb, length, type Scale, scaleOf } from "./measure-geometry";

const oblong: Scale = { x: 0.5, y: 1, unit: "mm", source: "pixel" };

describe("a scale", () => {
  const pixels = {
    row_spacing: 0.4,
    column_spacing: 0.2,
    spacing_source: "imager" as const,
    pixel_aspect: 2,
  };

  it("is the frame's own spacing, and says where that is from", () => {
    expect(scaleOf(pixels)).toEqual({ x: 0.2, y: 0.4, unit: "mm", source: "imager" });
  });

  it("is in pixels without spacing, and keeps the picture's shape", () => {
    const bare = { ...pixels, row_spacing: null, column_spacing: null, spacing_source: null };
    expect(scaleOf(bare)).toEqual({ x: 1, y: 2, unit: "px", source: null });
    expect(scaleOf({ ...pixels, spacing_source: null }).unit).toBe("px");
    expect(scaleOf({ ...pixels, row_spacing: 0 }).unit).toBe("px");
  });
});

describe("geometry on oblong pixels", () => {
  it("measures lengths along and across the pixels' longer side", () => {
    expect(length([10, 10], [20, 10], oblong)).toBeCloseTo(5);
    expect(length([10, 10], [10, 20], oblong)).toBeCloseTo(10);
    expect(length([0, 0], [6, 4], oblong)).toBeCloseTo(5);
  });

  it("measures angles as they are in the body, not on the grid", () => {
    expect(angle([10, 0], [0, 0], [0, 10], oblong)).toBeCloseTo(90);
    // Twice as many columns as rows are 45 degrees where a row is twice as long as a column.
    expect(angle([10, 0], [0, 0], [20, 10], oblong)).toBeCloseTo(45);
    expect(angle([10, 0], [0, 0], [-10, 0], oblong)).toBeCloseTo(180);
  });

  it("measures areas", () => {
    expect(area("rectangle", [10, 10], [30, 20], oblong)).toBeCloseTo(100);
    expect(area("rectangle", [30, 20], [10, 10], oblong)).toBeCloseTo(100);
    expect(area("ellipse", [10, 10], [30, 20], oblong)).toBeCloseTo(Math.PI * 5 * 5);
  });
});

describe("the Cobb angle", () => {
  const square: Scale = { x: 1, y: 1, unit: "mm", source: "pixel" };
  const tilted = (degrees: number): [number, number] => [
    100 * Math.cos((degrees * Math.PI) / 180),
    100 * Math.sin((degrees * Math.PI) / 180),
  ];

  it("is the angle between two end plates, whichever way each was drawn", () => {
    expect(cobb([[0, 0], tilted(12), [0, 0], tilted(-18)], square)).toBeCloseTo(30);
    expect(cobb([tilted(12), [0, 0], [0, 0], tilted(-18)], square)).toBeCloseTo(30);
    expect(cobb([tilted(12), [0, 0], tilted(-18), [0, 0]], square)).toBeCloseTo(30);
  });

  it("is none for parallel plates and never more than a right angle", () => {
    expect(cobb([[0, 0], tilted(7), [50, 50], [50 + tilted(7)[0], 50 + tilted(7)[1]]], square)).toBeCloseTo(
      0,
    );
    expect(cobb([[0, 0], tilted(0), [0, 0], tilted(100)], square)).toBeCloseTo(80);
  });

  it("is right on oblong pixels", () => {
    expect(
      cobb(
        [
          [0, 0],
          [10, 0],
          [0, 0],
          [20, 10],
        ],
        oblong,
      ),
    ).toBeCloseTo(45);
  });
});
