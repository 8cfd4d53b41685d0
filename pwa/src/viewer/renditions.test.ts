import { describe, expect, it } from "vitest";
import type { Frame } from "../types";
import { outwards, pictureFacts, smallerView, viewRendition, wishes } from "./renditions";
import { truthOf } from "./truth";

const frame = {
  n: 1,
  rows: 512,
  columns: 512,
  pixel_aspect: 1,
  zoom: null,
  stored_bytes: 524_288,
  window: null,
  stored_lossy: null,
} as Frame;

describe("what to fetch", () => {
  it("has a pixel for every device pixel, and never more than is stored", () => {
    expect(viewRendition(frame, 300)).toBe("v512");
    expect(viewRendition(frame, 4000)).toBe("v512");
    const large = { ...frame, rows: 2500, columns: 3000 };
    expect(viewRendition(large, 900)).toBe("v1024");
    expect(viewRendition(large, 2900)).toBe("full");
  });

  it("counts the lines of oblong pixels as they are drawn", () => {
    expect(viewRendition({ ...frame, pixel_aspect: 2 }, 4000)).toBe("v1024");
  });

  it("never asks for all pixels of a picture that has tiles", () => {
    expect(viewRendition({ ...frame, rows: 5000, columns: 6000, zoom: "/iiif/3/a" }, 5900)).toBe("v2048");
  });

  it("falls back on the next smaller view under the same window", () => {
    expect(smallerView("full-p2")).toBe("v2048-p2");
    expect(smallerView("v1024-c-40-w400")).toBe("v512-c-40-w400");
    expect(smallerView("v512")).toBeNull();
  });

  it("begins where one looks and goes outwards, in the scroll's direction first", () => {
    expect(outwards(6, 3, 1)).toEqual([3, 4, 2, 5, 1, 6]);
    expect(outwards(6, 3, -1)).toEqual([3, 2, 4, 1, 5, 6]);
  });

  it("previews every slice before it views the near ones, and nothing but previews while slices fly past", () => {
    const focus = {
      count: 40,
      current: 20,
      direction: 1 as const,
      view: "v1024",
      state: () => "",
      isMoving: false,
    };
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

describe("under a presentation state", () => {
  it("asks for the state's pictures of its own slices, and plain ones of the others", () => {
    const state = (n: number) => (n <= 2 ? "-p3" : "");
    const asked = wishes({ count: 3, current: 2, direction: 1, view: "v512", state, isMoving: false });
    expect(asked.map((wish) => `${wish.n} ${wish.rendition}`)).toEqual([
      "2 p256-p3",
      "2 v512-p3",
      "3 p256",
      "1 p256-p3",
      "3 v512",
      "1 v512-p3",
    ]);
  });
});

describe("the truth badge", () => {
  const facts = (rendition: string, width: number, bytes: number) =>
    pictureFacts(rendition, frame, { bytes, width, height: width }, null);

  it("says preview and lossy with the ratio", () => {
    expect(
      truthOf({ kind: "picture", facts: facts("p256", 256, 8192), scaleFactor: null }, frame).words,
    ).toBe("Preview 1:64");
    const view = truthOf({ kind: "picture", facts: facts("v512", 512, 26_214), scaleFactor: null }, frame);
    expect(view.words).toBe("Lossy 1:20");
    expect(view.details.join(" ")).toContain("quality 80");
    expect(view.details.join(" ")).toContain("All stored pixels");
  });

  it("says approximate while a window is reckoned from 8 bits", () => {
    expect(truthOf({ kind: "approximate", facts: facts("v512", 512, 26_214) }, frame).words).toBe(
      "Approximate",
    );
  });

  it("says how far tiles go", () => {
    const tiles = (scaleFactor: number) =>
      truthOf({ kind: "picture", facts: facts("v2048", 2048, 26_214), scaleFactor }, frame).details.join(" ");
    expect(tiles(1)).toContain("All stored pixels in sight");
    expect(tiles(4)).toContain("Made smaller");
  });

  it("says that a window is still to come, and that a video is as it is stored", () => {
    expect(truthOf({ kind: "stale", facts: facts("v512", 512, 26_214) }, frame).words).toBe("Window to come");
    const lossy = { ...frame, stored_lossy: { method: "ISO_14496_10", ratio: 40 } };
    expect(truthOf({ kind: "video", mediaType: "video/mp4" }, lossy)).toMatchObject({
      words: "Video as stored",
      tone: "attention",
    });
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
