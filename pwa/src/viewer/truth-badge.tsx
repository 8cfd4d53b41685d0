import { useState } from "preact/hooks";
import type { StudyDetail } from "../types";
import { Sheet } from "../ui/sheet";
import type { Label } from "./label";
import type { Scene } from "./scene";

/** How true the picture is, always in sight; a tap tells the details. */
export function TruthBadge({ detail, scene }: { detail: StudyDetail; scene: Scene }) {
  const [isOpen, setOpen] = useState(false);
  const label = scene.label.value;
  if (!label) return <span class="badge waiting">Loading</span>;
  const { truth } = label;
  return (
    <>
      <button
        type="button"
        class={`badge ${truth.tone}`}
        aria-label={`${truth.words}${truth.mark ? `, ${truth.mark}` : ""}. Details of this picture`}
        onClick={() => setOpen(true)}
      >
        <span class="badge-words">{truth.words}</span>
        {truth.mark && <span class="badge-mark">{truth.mark}</span>}
      </button>
      {isOpen && (
        <Sheet title={truth.words} onClose={() => setOpen(false)}>
          <Details detail={detail} label={label} scene={scene} />
        </Sheet>
      )}
    </>
  );
}

function Details({ detail, label, scene }: { detail: StudyDetail; label: Label; scene: Scene }) {
  const { frame, truth } = label;
  const isVideo = scene.video.value !== null;
  const canAsk = !scene.wantsFull.value && !label.failure && truth.tone !== "full" && !isVideo && !frame.zoom;
  return (
    <>
      <ul class="truth-details">
        {truth.details.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        {label.isInverted && <li>Greys are inverted.</li>}
        {!isVideo && <li>{spacingWords(label)}</li>}
        {frame.slice_location !== null && <li>Slice location {frame.slice_location.toFixed(1)} mm.</li>}
      </ul>
      <p class="review-notice">{detail.review_notice}</p>
      {canAsk && (
        <button type="button" class="button first" onClick={() => scene.askFull()}>
          {fullWords(scene, frame.n)}
        </button>
      )}
    </>
  );
}

/** Stored values tell nothing of colour and of presentation states: all pixels are the most that can be had there. */
export function fullWords(scene: Scene, n: number): string {
  const isExact = scene.windowing.isPossible.value && !scene.presentation.covers(n);
  return isExact ? "Full fidelity now" : "All pixels now";
}

function spacingWords({ frame }: Label): string {
  if (frame.spacing_source === "imager") return "The scale holds at the detector, not in the patient.";
  return frame.spacing_source
    ? "The scale comes from the image's pixel spacing."
    : "The image is not calibrated.";
}
