import type { ImageReference, Measurement, Report, ReportSource } from "./types";

export type Standing = "settled" | "open";

/** How far a report may be relied on, in the clinic's words; `open` wants attention. */
export function standingOf(source: ReportSource): { words: string; standing: Standing } {
  const completion = source.status.completion.toUpperCase();
  const isVerified = source.status.verification.toUpperCase() === "VERIFIED";
  if (completion === "PRELIMINARY") return { words: "Preliminary", standing: "open" };
  if (completion === "PARTIAL") return { words: "Partial", standing: "open" };
  if (isVerified)
    return { words: completion === "FINAL" ? "Final, verified" : "Verified", standing: "settled" };
  if (completion === "FINAL") return { words: "Final", standing: "settled" };
  return { words: "Not verified", standing: "open" };
}

/** The source that the impression stands in, or the first. */
export function leadingSource(report: Report): ReportSource | null {
  const told = report.sources.find((source) =>
    source.sections.some((section) => section.role === "impression"),
  );
  return told ?? report.sources[0] ?? null;
}

/** The impression's paragraphs: the leading source's own, else the report's. */
export function impressionOf(report: Report): string[] {
  const sections = leadingSource(report)?.sections ?? [];
  const paragraphs = sections
    .filter((section) => section.role === "impression")
    .flatMap((each) => each.paragraphs);
  if (paragraphs.length) return paragraphs;
  return report.impression ? [report.impression] : [];
}

/** "12.5 mm", a unit's own way of writing nothing left out. */
export function measured({ value, unit }: Measurement): string {
  const written = unit === "1" || unit === "{ratio}" || unit === "no units" ? "" : unit;
  return [String(value), written].filter(Boolean).join(" ");
}

/** The address of the picture that a report points at, null where it is not among the study's pictures. */
export function pictureAddress(studyUid: string, reference: ImageReference): string | null {
  if (!reference.series_instance_uid || reference.n === null) return null;
  return `/studies/${studyUid}?series=${reference.series_instance_uid}&frame=${reference.n}`;
}
