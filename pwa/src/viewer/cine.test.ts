import { describe, expect, it } from "vitest";
import { frameDue, Schedule } from "./cine";

describe("the frame whose time it is", () => {
  it("goes round and round at an even rate", () => {
    expect(frameDue(1, 0, 10, 4)).toBe(1);
    expect(frameDue(1, 250, 10, 4)).toBe(3);
    expect(frameDue(3, 250, 10, 4)).toBe(1);
  });

  it("follows uneven times, from any frame on", () => {
    const schedule = new Schedule([100, 300, 100]);
    const seen = [0, 99, 100, 399, 400, 499, 500, 600].map((passed) => schedule.due(1, passed));
    expect(seen).toEqual([1, 1, 2, 2, 3, 3, 1, 2]);
    expect([0, 299, 300, 400].map((passed) => schedule.due(2, passed))).toEqual([2, 2, 3, 1]);
  });

  it("needs times that pass", () => {
    expect(Schedule.of([0, 0, 0], 3)).toBeNull();
    expect(Schedule.of([10, -5, 10], 3)).toBeNull();
    expect(Schedule.of([10, 10], 3)).toBeNull();
    expect(Schedule.of(null, 3)).toBeNull();
    expect(Schedule.of([10, 0, 10], 3)?.due(1, 10)).toBe(3);
  });
});
