import { describe, expect, it } from "vitest";
import type { Frame } from "../types";
import { outwards, pictureFacts, viewRendition, wishes } from "./renditions";
import { truthOf } from "./truth";

const frame = {
  n: 1,
  rows: 512,
  columns: 512,
  stored_bytes: 524_288,
  window: null,
  stored_lossy: null,
} as Frame;

describe("what to fetch", () => {
  it("has a pixel for every device pixel, and never more than is stored", () => {
    expect(viewRendition(frame, 300)).toBe("v512");
    expect(viewRendition(frame, 4000)).toBe("v512");
    expect(viewRendition({ rows: 2500, columns: 3000 }, 900)).toBe("v1024");
    expect(viewRendition({ rows: 2500, columns: 3000 }, 2900)).toBe("full");
  });

  it("begins where one looks and goes outwards, in the scroll's direction first", () => {
    expect(outwards(6, 3, 1)).toEqual([3, 4, 2, 5, 1, 6]);
    expect(outwards(6, 3, -1)).toEqual([3, 2, 4, 1, 5, 6]);
  });

  it("previews every slice before it views the near ones, and nothing but previews while slices fly past", () => {
    const focus = { count: 40, current: 20, direction: 1 as const, view: "v1024", isMoving: false };
    const asked = wishes(focus);
    expect(asked.slice(0, 2)).toEqual([
      { n: 20, rendition: "p256" },
      { n: 20, rendition: "v1024" },
    ]);
    expect(asked.filter((wish) => wish.rendition === "p256")).toHaveLength(40);
    expect(asked.filter((wish) => wish.rendition === "v1024").map((wish) => wish.n)).toContain(28);
    expect(asked.some((wish) => wish.rendition === "v1024" && wish.n === 29)).toBe(false);
    expect(wishes({ ...focus, isMoving: true }).every((wish) => wish.rendition === "p256")).toBe(true);
  });
});

describe("the truth badge", () => {
  const facts = (rendition: string, width: number, bytes: number) =>
    pictureFacts(rendition, frame, { bytes, width, height: width }, null);

  it("says preview and lossy with the ratio", () => {
    expect(
      truthOf({ kind: "picture", facts: facts("p256", 256, 8192), isApproximate: false }, frame).words,
    ).toBe("Preview 1:64");
    const view = truthOf({ kind: "picture", facts: facts("v512", 512, 26_214), isApproximate: false }, frame);
    expect(view.words).toBe("Lossy 1:20");
    expect(view.details.join(" ")).toContain("quality 80");
    expect(view.details.join(" ")).toContain("All stored pixels");
  });

  it("says approximate while a window is reckoned from 8 bits", () => {
    expect(
      truthOf({ kind: "picture", facts: facts("v512", 512, 26_214), isApproximate: true }, frame).words,
    ).toBe("Approximate");
  });

  it("says full fidelity only for every stored value, and not where the archive itself is lossy", () => {
    expect(
      truthOf({ kind: "plane", reduce: 1, isDrawnSmaller: false, isReckoned: false }, frame),
    ).toMatchObject({
      words: "Full fidelity",
      tone: "full",
    });
    expect(truthOf({ kind: "plane", reduce: 2, isDrawnSmaller: false, isReckoned: false }, frame).tone).toBe(
      "attention",
    );
    const lossy = { ...frame, stored_lossy: { method: "ISO_15444_1", ratio: 10 } };
    const badge = truthOf({ kind: "plane", reduce: 1, isDrawnSmaller: false, isReckoned: false }, lossy);
    expect(badge.tone).toBe("attention");
    expect(badge.details.join(" ")).toContain("1:10");
  });

  it("says where the greys come from a window that nobody chose", () => {
    const badge = truthOf({ kind: "plane", reduce: 1, isDrawnSmaller: false, isReckoned: true }, frame);
    expect(badge.words).toBe("Full fidelity, auto window");
    expect(badge.details[0]).toContain("no window of its own");
  });
});
