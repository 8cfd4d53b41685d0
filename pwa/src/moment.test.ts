import { describe, expect, it } from "vitest";
import { count, daysBefore, localMoment, studyMoment, timeUntil } from "./moment";

const now = new Date(2026, 10, 24, 3, 0);

describe("a study's moment", () => {
  it("names today, and gives any other day in full", () => {
    expect(studyMoment("2026-11-24", "02:41:09", now)).toBe("Today 02:41");
    expect(studyMoment("2025-04-03", "02:41:09", now)).toBe("2025-04-03 02:41");
    expect(studyMoment("2025-04-03", null, now)).toBe("2025-04-03");
  });

  it("says so where there is no date, even with a time", () => {
    expect(studyMoment(null, "02:41:00", now)).toBe("No date");
  });
});

describe("days and durations", () => {
  it("counts days back across months and years", () => {
    expect(daysBefore(now, 6)).toBe("2026-11-18");
    expect(daysBefore(new Date(2026, 0, 2), 6)).toBe("2025-12-27");
  });

  it("tells how long is left in one unit", () => {
    const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString();
    expect(timeUntil(at(7 * 1440), now.getTime())).toBe("7 days");
    expect(timeUntil(at(180), now.getTime())).toBe("3 hours");
    expect(timeUntil(at(1), now.getTime())).toBe("1 minute");
    expect(timeUntil(at(-1), now.getTime())).toBe("over");
    expect(timeUntil("never", now.getTime())).toBe("over");
  });

  it("writes an instant in local time, and leaves alone what is none", () => {
    expect(localMoment(now.toISOString())).toBe("2026-11-24, 03:00");
    expect(localMoment("2026")).not.toBe("");
    expect(localMoment("unknown")).toBe("unknown");
    expect(localMoment(null)).toBe("");
  });

  it("counts with the right noun", () => {
    expect([count(1, "image"), count(1200, "image"), count(0, "study", "studies")]).toEqual([
      "1 image",
      "1,200 images",
      "0 studies",
    ]);
  });
});
