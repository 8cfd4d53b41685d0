import type { Frame } from "../types";
import type { PictureFacts } from "./renditions";

/** What the badge says: words always, colour only beside them. */
export interface Truth {
  words: string;
  tone: "full" | "attention" | "waiting";
  /** A word beside the others, where something else shapes the picture. */
  mark?: string;
  /** Sentences for the details, most important first. */
  details: string[];
}

/** What is on the canvas. */
export type Shown =
  | { kind: "nothing" }
  | { kind: "failed"; reason: string }
  /** `scaleFactor`: stored pixels across one pixel of the tiles that cover all that is in sight; null without. */
  | { kind: "picture"; facts: PictureFacts; scaleFactor: number | null }
  | { kind: "approximate"; facts: PictureFacts }
  | { kind: "stale"; facts: PictureFacts }
  | { kind: "video"; mediaType: string }
  | { kind: "plane"; reduce: 1 | 2; isDrawnSmaller: boolean; isReckoned: boolean };

/** The truth about what is shown of a frame; never more than is known. */
export function truthOf(shown: Shown, frame: Frame): Truth {
  switch (shown.kind) {
    case "nothing":
      return { words: "Loading", tone: "waiting", details: ["This picture is still on its way."] };
    case "failed":
      return { words: "No picture", tone: "attention", details: [shown.reason] };
    case "plane":
      return planeTruth(shown, frame);
    case "picture":
      return shown.scaleFactor === null
        ? pictureTruth(shown.facts, frame)
        : tilesTruth(shown.scaleFactor, frame);
    case "approximate":
      return instead(
        "Approximate",
        "This window is approximate: reckoned from an 8-bit picture. Exact values follow.",
        pictureTruth(shown.facts, frame),
      );
    case "stale":
      return instead(
        "Window to come",
        "The chosen window is still on its way; shown is the image's own.",
        pictureTruth(shown.facts, frame),
      );
    case "video":
      return videoTruth(shown.mediaType, frame);
  }
}

const instead = (words: string, first: string, truth: Truth): Truth => ({
  words,
  tone: "attention",
  details: [first, ...truth.details],
});

function planeTruth(shown: Extract<Shown, { kind: "plane" }>, frame: Frame): Truth {
  const { reduce, isDrawnSmaller, isReckoned } = shown;
  const details = [
    reduce === 1
      ? "Every stored value is here, exact; the window is applied on this device."
      : "Stored values at half size (averaged); the window is applied on this device. All pixels follow.",
    isDrawnSmaller && reduce === 1
      ? `Drawn smaller than stored (${size(frame)}); zoom in for every pixel.`
      : `Stored size ${size(frame)}.`,
    ...storedLossy(frame),
  ];
  if (isReckoned)
    details.unshift(
      "The image has no window of its own: this one is reckoned over its values, so greys may differ.",
    );
  if (reduce === 2) return { words: "Half size", tone: "attention", details };
  if (frame.stored_lossy) return { words: "As stored, lossy", tone: "attention", details };
  const words = isDrawnSmaller ? "Full fidelity, reduced" : "Full fidelity";
  return { words: isReckoned ? `${words}, auto window` : words, tone: "full", details };
}

function pictureTruth(facts: PictureFacts, frame: Frame): Truth {
  const isPreview = facts.rendition.startsWith("p");
  const isDownsized = facts.width < frame.columns || facts.height < frame.rows;
  const ratio = facts.ratio === null ? "" : ` ${ratioWords(facts.ratio)}`;
  const details = [
    `JPEG, quality ${facts.quality}${facts.ratio === null ? "" : `, compressed ${ratioWords(facts.ratio)}`}.`,
    isDownsized
      ? `Made smaller: ${facts.width} × ${facts.height} of ${size(frame)} stored.`
      : `All stored pixels: ${size(frame)}.`,
    ...storedLossy(frame),
  ];
  return { words: `${isPreview ? "Preview" : "Lossy"}${ratio}`, tone: "attention", details };
}

function tilesTruth(scaleFactor: number, frame: Frame): Truth {
  const details = [
    "JPEG tiles over what is in sight.",
    scaleFactor === 1
      ? `All stored pixels in sight, of ${size(frame)}.`
      : `Made smaller: one pixel for ${scaleFactor} × ${scaleFactor} of ${size(frame)} stored; zoom in for every pixel.`,
    ...storedLossy(frame),
  ];
  return { words: "Lossy", tone: "attention", details };
}

function videoTruth(mediaType: string, frame: Frame): Truth {
  const details = [
    `The video as the archive holds it (${mediaType}), ${size(frame)}.`,
    ...storedLossy(frame),
  ];
  return { words: "Video as stored", tone: frame.stored_lossy ? "attention" : "full", details };
}

const size = (frame: Frame) => `${frame.columns} × ${frame.rows}`;

/** A ratio as it is said: 1:20, 1:8.5. */
export const ratioWords = (ratio: number) => `1:${ratio < 10 ? Number(ratio.toFixed(1)) : Math.round(ratio)}`;

function storedLossy(frame: Frame): string[] {
  const lossy = frame.stored_lossy;
  if (!lossy) return [];
  const ratio = lossy.ratio ? `, ${ratioWords(lossy.ratio)}` : "";
  return [`The archive itself holds this image lossy (${lossy.method || "method not told"}${ratio}).`];
}
