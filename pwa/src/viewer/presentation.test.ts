import { describe, expect, it } from "vitest";
import type { Frame, PresentationState, Series } from "../types";
import { isStateSuffix, Presentation, stateName } from "./presentation";

const frame = (n: number) =>
  ({
    n,
    rows: 300,
    columns: 200,
    pixel_aspect: 1,
    letters: { left: "R", right: "L", top: "A", bottom: "P" },
    row_spacing: 0.5,
    column_spacing: 0.5,
    spacing_source: "imager",
    laterality: "L",
  }) as Frame;

const turned: PresentationState = {
  n: 2,
  label: "TURNED",
  description: "",
  created: null,
  frames: [
    {
      n: 1,
      rows: 200,
      columns: 300,
      pixel_aspect: 1,
      letters: { left: "P", right: "A", top: "R", bottom: "L" },
      row_spacing: 0.5,
      column_spacing: 0.5,
      window: { window_center: 100, window_width: 50, function: "LINEAR" },
    },
  ],
};

describe("a presentation state", () => {
  it("gives its frames its own shape, letters and window, and keeps who and which side", () => {
    const presentation = new Presentation();
    presentation.choose(turned);
    expect(presentation.suffix(1)).toBe("-p2");
    expect(presentation.framed(frame(1))).toMatchObject({
      rows: 200,
      columns: 300,
      letters: { top: "R" },
      window: { window_center: 100 },
      spacing_source: "imager",
      laterality: "L",
    });
  });

  it("leaves other frames plain, and all of them once it is off", () => {
    const presentation = new Presentation();
    presentation.choose(turned);
    expect(presentation.covers(2)).toBe(false);
    expect(presentation.suffix(2)).toBe("");
    expect(presentation.framed(frame(2))).toEqual(frame(2));
    presentation.choose(null);
    expect(presentation.suffix(1)).toBe("");
    expect(presentation.framed(frame(1))).toEqual(frame(1));
  });

  it("leaves a frame plain whose picture cannot be had", () => {
    const presentation = new Presentation();
    presentation.choose(turned);
    presentation.release(1);
    expect(presentation.suffix(1)).toBe("");
    expect(presentation.framed(frame(1))).toEqual(frame(1));
  });

  it("is told by the badge whether it is on, and of which image", () => {
    const presentation = new Presentation();
    const series = { states: [turned] } as Series;
    const plain = { words: "Lossy 1:20", tone: "attention" as const, details: ["JPEG."] };
    expect(presentation.truth(plain, { states: [] as PresentationState[] } as Series, 1)).toEqual(plain);
    expect(presentation.truth(plain, series, 1).details).toEqual([
      "JPEG.",
      "Presentation state not applied.",
    ]);
    presentation.choose(turned);
    expect(presentation.truth(plain, series, 1)).toMatchObject({ words: "Lossy 1:20", mark: "state" });
    expect(presentation.truth(plain, series, 1).details[0]).toBe("Presentation state applied: TURNED.");
    const other = presentation.truth(plain, series, 2);
    expect(other.mark).toBeUndefined();
    expect(other.details[0]).toContain("not applied to this image");
  });

  it("has a number where two have the same label", () => {
    const twin = { ...turned, n: 3 };
    expect(stateName(turned, [turned])).toBe("TURNED");
    expect(stateName(twin, [turned, twin])).toBe("TURNED 2");
  });

  it("is told from a window by its name", () => {
    expect(isStateSuffix("-p2")).toBe(true);
    expect(isStateSuffix("-c40-w400")).toBe(false);
    expect(isStateSuffix("")).toBe(false);
  });
});
