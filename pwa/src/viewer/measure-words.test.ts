import { describe, expect, it } from "vitest";
import type { Drawn, Kind, Place } from "./measure";
import { stroked } from "./measure";
import { calibrationWords, wordsOf } from "./measure-words";

const drawn = (kind: Kind, points: Place[], text = ""): Drawn => ({
  id: "1",
  kind,
  series_instance_uid: "1",
  sop_instance_uid: "1",
  frame_number: 1,
  points,
  text,
});
const mm = { x: 0.5, y: 0.5, unit: "mm", source: "pixel" } as const;
const values = { mean: -12.34, deviation: 3.21, least: -20, most: 5.5, count: 9, unit: "HU", isExact: true };
const box: Place[] = [
  [0, 0],
  [20, 10],
];

describe("what is written beside a drawing", () => {
  it("names the unit and what it rests on", () => {
    const line = drawn("length", box);
    expect(
      wordsOf(
        drawn("length", [
          [0, 0],
          [84, 0],
        ]),
        mm,
        null,
      ),
    ).toEqual(["42.0 mm"]);
    expect(wordsOf(line, { ...mm, source: "imager" }, null)).toEqual(["11.2 mm at detector"]);
    expect(wordsOf(line, { x: 1, y: 1, unit: "px", source: null }, null)).toEqual([
      "22.4 px, not calibrated",
    ]);
    expect(calibrationWords(mm)).toContain("Pixel Spacing");
    expect(calibrationWords({ ...mm, source: "imager" })).toContain("Imager Pixel Spacing");
  });

  it("tells a region's values with their unit, and when they are not exact or not there", () => {
    const region = drawn("rectangle", box);
    const exact = ["Mean −12.3 HU", "SD 3.2", "Min −20 Max 5.5", "Area 50.0 mm²"];
    expect(wordsOf(region, mm, values)).toEqual(exact);
    expect(wordsOf(region, mm, { ...values, isExact: false })).toEqual(["Approximate", ...exact]);
    expect(wordsOf(region, mm, "waiting")[0]).toContain("waiting");
    expect(wordsOf(region, mm, "none")).toEqual(["Area 50.0 mm²"]);
  });

  it("is an arrow's own words, and nothing for an angle that is half drawn", () => {
    expect(wordsOf(drawn("arrow", box, "here"), mm, null)).toEqual(["here"]);
    expect(wordsOf(drawn("arrow", box), mm, null)).toEqual([]);
    expect(wordsOf(drawn("angle", box), mm, null)).toEqual([]);
  });
});

describe("strokes", () => {
  it("add the second side to an angle's corner, and a second line to a Cobb angle", () => {
    expect(stroked("angle", box, [21, 11], [40, 0])).toEqual([...box, [40, 0]]);
    expect(stroked("cobb", box, [0, 30], [20, 40])).toEqual([...box, [0, 30], [20, 40]]);
    expect(stroked("length", [], [1, 2], [3, 4])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
