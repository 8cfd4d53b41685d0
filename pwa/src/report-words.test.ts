import { describe, expect, it } from "vitest";
import { impressionOf, leadingSource, measured, pictureAddress, standingOf } from "./report-words";
import type { Report, ReportSection, ReportSource } from "./types";

const section = (role: ReportSection["role"], ...paragraphs: string[]): ReportSection => ({
  role,
  title: role,
  paragraphs,
});

const source = (completion: string, verification: string, sections: ReportSection[] = []): ReportSource => ({
  sop_instance_uid: "1.9",
  title: "CT Head",
  kind: "structured",
  status: { completion, verification },
  author: "",
  observed_at: null,
  sections,
  measurements: [],
  references: [],
  tree: { name: "", value: "", type: "CONTAINER", children: [] },
});

describe("how far a report may be relied on", () => {
  it("is settled only where somebody stands for it", () => {
    const words = (completion: string, verification: string) => standingOf(source(completion, verification));
    expect(words("COMPLETE", "VERIFIED")).toEqual({ words: "Verified", standing: "settled" });
    expect(words("FINAL", "VERIFIED")).toEqual({ words: "Final, verified", standing: "settled" });
    expect(words("COMPLETE", "UNVERIFIED")).toEqual({ words: "Not verified", standing: "open" });
    expect(words("PARTIAL", "VERIFIED")).toEqual({ words: "Partial", standing: "open" });
    expect(words("preliminary", "")).toEqual({ words: "Preliminary", standing: "open" });
    expect(words("", "")).toEqual({ words: "Not verified", standing: "open" });
  });
});

describe("the impression", () => {
  it("comes from the source that has one, not from the first", () => {
    const told = source("COMPLETE", "VERIFIED", [section("findings", "a"), section("impression", "b", "c")]);
    const report: Report = { study_instance_uid: "1", sources: [source("", ""), told], impression: "b" };
    expect(leadingSource(report)).toBe(told);
    expect(impressionOf(report)).toEqual(["b", "c"]);
  });

  it("is empty where there is none", () => {
    expect(impressionOf({ study_instance_uid: "1", sources: [source("", "")], impression: null })).toEqual(
      [],
    );
    expect(leadingSource({ study_instance_uid: "1", sources: [], impression: null })).toBeNull();
  });
});

it("writes a measurement with its unit, a bare number without", () => {
  expect(measured({ name: "Diameter", value: 12.5, unit: "mm", finding: null })).toBe("12.5 mm");
  expect(measured({ name: "Ratio", value: 0, unit: "1", finding: null })).toBe("0");
});

it("links only to pictures that the study has", () => {
  const reference = { sop_instance_uid: "x", series_instance_uid: "1.3", n: 12, frame_number: 1, text: "" };
  expect(pictureAddress("1.2", reference)).toBe("/studies/1.2?series=1.3&frame=12");
  expect(pictureAddress("1.2", { ...reference, n: null })).toBeNull();
  expect(pictureAddress("1.2", { ...reference, series_instance_uid: null })).toBeNull();
});
