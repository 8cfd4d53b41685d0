import { describe, expect, it } from "vitest";
import type { Kind, Place } from "./measure";
import { statisticsOf, valueAt } from "./measure-statistics";
import type { Plane } from "./plane";

const [ROWS, COLUMNS] = [40, 60];
const frame = { rows: ROWS, columns: COLUMNS };

/** Signed values with a slope and an intercept: -200 to the left of column 30, then 3 times the column. */
const stored = (row: number, column: number) => (column < 30 ? -200 : 3 * column + row);

function plane(reduce: 1 | 2 = 1): Plane {
  const [rows, columns] = [ROWS / reduce, COLUMNS / reduce];
  const values = new Int16Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = stored(row * reduce, column * reduce);
  const scale = { signed: true, slope: 2, intercept: -1000, invert: false, unit: "HU" };
  return { rows, columns, reduce, values: new Uint16Array(values.buffer), least: -200, most: 300, ...scale };
}

/** The same by the plainest way: every pixel of the plane is asked whether its middle lies inside. */
function plainly(isInside: (x: number, y: number) => boolean) {
  const found: number[] = [];
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++)
      if (isInside(column + 0.5, row + 0.5)) found.push(stored(row, column) * 2 - 1000);
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const squares = found.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count: found.length,
    mean,
    deviation: Math.sqrt(squares / found.length),
    least: Math.min(...found),
    most: Math.max(...found),
  };
}

const region = (kind: Kind, ...points: Place[]) => ({ kind, points });

function expectSame(kind: Kind, points: [Place, Place], isInside: (x: number, y: number) => boolean) {
  const expected = plainly(isInside);
  const got = statisticsOf(plane(), frame, region(kind, ...points), false);
  expect(got?.count).toBe(expected.count);
  expect(got?.mean).toBeCloseTo(expected.mean, 6);
  expect(got?.deviation).toBeCloseTo(expected.deviation, 6);
  expect([got?.least, got?.most]).toEqual([expected.least, expected.most]);
  expect(got).toMatchObject({ isExact: true, unit: "HU" });
}

describe("a region's values", () => {
  it("are those of the pixels in a rectangle", () => {
    const isInside = (x: number, y: number) => x >= 25.2 && x < 41.7 && y >= 3.4 && y < 20;
    expectSame(
      "rectangle",
      [
        [25.2, 3.4],
        [41.7, 20],
      ],
      isInside,
    );
    expectSame(
      "rectangle",
      [
        [41.7, 3.4],
        [25.2, 20],
      ],
      isInside,
    );
  });

  it("are those of the pixels in an ellipse", () => {
    const isInside = (x: number, y: number) => ((x - 35.3) / 12.3) ** 2 + ((y - 20.1) / 15.6) ** 2 < 1;
    expectSame(
      "ellipse",
      [
        [23, 4.5],
        [47.6, 35.7],
      ],
      isInside,
    );
  });

  it("end at the picture's edge", () => {
    expectSame(
      "rectangle",
      [
        [50, 30],
        [60, 40],
      ],
      (x, y) => x > 50 && y > 30,
    );
  });

  it("of even grey have no deviation", () => {
    const even = statisticsOf(plane(), frame, region("rectangle", [2, 2], [22, 30]), false);
    expect(even).toMatchObject({ mean: -1400, deviation: 0, least: -1400, most: -1400, count: 560 });
  });

  it("are said to be inexact where every second pixel is known", () => {
    const half = statisticsOf(plane(2), frame, region("rectangle", [2, 2], [22, 30]), false);
    expect(half).toMatchObject({ mean: -1400, count: 140, isExact: false });
  });

  it("are none between the pixels' middles", () => {
    expect(statisticsOf(plane(), frame, region("ellipse", [10.6, 10.6], [11.4, 11.4]), false)).toBeNull();
    expect(statisticsOf(plane(), frame, region("ellipse", [10, 10], [10, 10]), false)).toBeNull();
  });
});

describe("the value at a place", () => {
  it("is that of the pixel the place lies in", () => {
    expect(valueAt(plane(), frame, [30.99, 7.01])).toBe((3 * 30 + 7) * 2 - 1000);
    expect(valueAt(plane(), frame, [29.99, 7.99])).toBe(-1400);
    expect(valueAt(plane(), frame, [60, 7])).toBeNull();
  });
});
