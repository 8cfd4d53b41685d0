import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/icon";
import type { Label } from "./label";
import type { Scene } from "./scene";
import { seriesName } from "./series";

/** What is written over the picture's edges; letters stay when tools hide. */
export function Corners({ scene }: { scene: Scene }) {
  const label = scene.label.value;
  if (!label) return null;
  const { letters } = label.frame;
  return (
    <div class="corners">
      {letters && (
        <>
          <span class="letter top">{letters.top}</span>
          <span class="letter left">{letters.left}</span>
          <span class="letter right">{letters.right}</span>
          <span class="letter bottom">{letters.bottom}</span>
        </>
      )}
      <p class="corner top-left secondary key-name">
        {label.series.kind === "key-images" && <Icon name="key" />}
        <bdi>{seriesWords(label)}</bdi>
      </p>
      {scene.video.value === null && <BelowPicture label={label} />}
      {label.failure && (
        <div class="unshown" role="alert">
          <h2>This image cannot be shown</h2>
          <p>{label.failure}</p>
          <p class="soft">The other images of the series are unaffected.</p>
          <button
            type="button"
            class="button"
            onClick={() => scene.stack.value?.forgive(label.frame.n)}
            onPointerDown={(event) => event.stopPropagation()}
          >
            Try again
          </button>
        </div>
      )}
    </div>
  );
}

/** Window, place in the stack and scale; a video has its own controls there. */
function BelowPicture({ label }: { label: Label }) {
  return (
    <>
      <p class="corner bottom-right secondary">
        <span>{windowWords(label)}</span>
        <span data-testid="position">
          {label.frame.n}/{label.series.frames.length}
        </span>
      </p>
      <Scale label={label} />
    </>
  );
}

/** A series in a few words: its number, modality and description; chosen images by their title alone. */
export function seriesWords({ series }: Pick<Label, "series">): string {
  if (series.kind === "key-images") return seriesName(series);
  const number = series.series_number === null ? "" : `${series.series_number}`;
  return [number, series.modality, series.series_description].filter(Boolean).join(" · ");
}

function windowWords({ window, isInverted }: Label): string {
  const inverted = isInverted ? " inverted" : "";
  if (!window) return inverted.trim();
  const round = (value: number) => Number(value.toFixed(Math.abs(value) < 20 ? 2 : 0));
  return `W${round(window.window_width)} L${round(window.window_center)}${inverted}`;
}

function Scale({ label }: { label: Label }) {
  const bar = useRef<HTMLSpanElement>(null);
  const pixels = label.scaleBar?.pixels ?? 0;
  useEffect(() => bar.current?.style.setProperty("width", `${pixels}px`), [pixels]);
  if (!label.scaleBar) return <p class="corner bottom-left secondary">Not calibrated</p>;
  return (
    <p class="corner bottom-left secondary scale">
      <span class="scale-bar" ref={bar} />
      <span>{label.scaleBar.words}</span>
    </p>
  );
}
