import type { CineTiming, Series, StudyDetail } from "../types";

const USUAL_RATE = 10;

/** Whether a series has pictures to look at. */
export const hasPictures = (series: Series) =>
  (series.kind === "images" || series.kind === "key-images" || series.kind === "video") &&
  series.frame_count > 0;

/** Series as they are listed: what somebody has chosen as key images first. */
export const keyImagesFirst = (series: Series[]) => [
  ...series.filter((each) => each.kind === "key-images"),
  ...series.filter((each) => each.kind !== "key-images"),
];

/** The study's stacks in the order in which they are listed. */
export const stacksOf = (study: StudyDetail) =>
  keyImagesFirst(study.series).filter((series) => hasPictures(series) && series.frames.length > 0);

/** The series that opens by itself: the first of whole images, else the first there is. */
export const firstStack = (stacks: Series[]): Series | null =>
  stacks.find((series) => series.kind === "images") ?? stacks[0] ?? null;

/** How a series plays: as it was acquired, else at a rate that can be followed. */
export function timingOf(series: Series): CineTiming {
  if (series.cine) return series.cine;
  return { rate: series.video?.rate || USUAL_RATE, frame_times: null };
}

/** Whether a series was acquired in time, so that playing it is what one does with it. */
export const playsInTime = (series: Series) => series.cine !== null || series.kind === "video";

/** What a series is called where it stands alone. */
export function seriesName(series: Series): string {
  if (series.kind === "key-images") return series.series_description || "Key images";
  return series.series_description || series.body_part_examined || "Series";
}
