import type { Frame } from "../types";
import type { PictureFacts } from "./renditions";

/** What the badge says: words always, colour only beside them. */
export interface Truth {
  words: string;
  tone: "full" | "attention" | "waiting";
  /** Sentences for the details, most important first. */
  details: string[];
}

/** What is on the canvas. */
export type Shown =
  | { kind: "nothing" }
  | { kind: "failed"; reason: string }
  | { kind: "picture"; facts: PictureFacts; isApproximate: boolean }
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
      return pictureTruth(shown.facts, shown.isApproximate, frame);
  }
}

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

function pictureTruth(facts: PictureFacts, isApproximate: boolean, frame: Frame): Truth {
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
  if (isApproximate) {
    details.unshift("This window is approximate: reckoned from an 8-bit picture. Exact values follow.");
    return { words: "Approximate", tone: "attention", details };
  }
  if (isPreview) return { words: `Preview${ratio}`, tone: "attention", details };
  return { words: `Lossy${ratio}`, tone: "attention", details };
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
