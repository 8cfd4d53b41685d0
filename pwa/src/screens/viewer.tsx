import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { dropFirst } from "../first";
import { nameInOneLine } from "../person";
import { announce } from "../ui/announce";
import { addressOf, keepAddress } from "../viewer/address";
import { Corners } from "../viewer/corners";
import { Hands } from "../viewer/gestures";
import { ViewerHeader } from "../viewer/header";
import { actionOf } from "../viewer/keys";
import { perform } from "../viewer/perform";
import { Scene } from "../viewer/scene";
import { Scrubber } from "../viewer/scrubber";
import { Toolbar } from "../viewer/toolbar";
import { VideoPlace } from "../viewer/video";
import type { ViewerProps } from "../viewing";
import "../viewer.css";
import "../viewer-controls.css";

const FIRST_STAYS_AT_MOST_MS = 5000;

/** A study's pictures: one canvas, what is written about it, tools at the thumb. */
export function ViewerScreen({ study, start, onBack }: ViewerProps) {
  const [hasTools, setTools] = useState(true);
  const scene = useMemo(() => new Scene(study, announce), [study]);
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const isCutOff = scene.stack.value?.isCutOff.value ?? false;

  useEffect(() => {
    const [place, drawing] = [stage.current, canvas.current];
    if (!place || !drawing) return;
    return lay(scene, place, drawing, () => setTools((has) => !has));
  }, [scene]);
  useEffect(() => {
    // Only an address that the viewer has not written itself asks it to go elsewhere.
    if (addressOf(scene) !== location.search || !scene.series.value) scene.begin(start);
  }, [scene, start]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = actionOf(event);
      if (!action) return;
      event.preventDefault();
      perform(action, scene, { toggleTools: () => setTools((has) => !has), back: onBack });
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [scene, onBack]);

  if (!scene.stacks.length) return <NoImages study={study} onBack={onBack} />;
  return (
    <section
      class={hasTools ? "viewer always-dark" : "viewer always-dark bare"}
      aria-label={`Images of ${nameInOneLine(study.study.patient_name)}`}
    >
      <ViewerHeader detail={study} scene={scene} onBack={onBack} />
      <div class="stage" ref={stage}>
        <canvas ref={canvas} />
        {scene.video.value && <VideoPlace scene={scene} />}
        <Corners scene={scene} />
        {isCutOff && (
          <p class="cut-off" role="status">
            No connection. What is here stays; loading goes on by itself.
          </p>
        )}
        <CineRate scene={scene} />
      </div>
      {hasTools && (
        <footer class="controls">
          {!scene.video.value && <Scrubber scene={scene} />}
          <Toolbar scene={scene} />
        </footer>
      )}
    </section>
  );
}

/** Joins scene, page and hands; what is returned takes them apart again. */
function lay(
  scene: Scene,
  place: HTMLElement,
  drawing: HTMLCanvasElement,
  toggleTools: () => void,
): () => void {
  scene.attach(drawing);
  const measure = () =>
    scene.resize({ width: place.clientWidth, height: place.clientHeight }, devicePixelRatio);
  const watch = new ResizeObserver(measure);
  watch.observe(place);
  measure();
  const hands = new Hands(place, {
    tool: () => (scene.windowing.isPossible.value ? scene.tool.value : "scroll"),
    isZoomed: () => scene.camera.isZoomed(),
    count: () => scene.series.value?.frames.length ?? 1,
    mayWindow: () => scene.windowing.isPossible.value,
    scroll: (slices) => scene.scroll(slices),
    scrollEnd: () => scene.scrollEnd(),
    pan: (by) => scene.camera.pan(by),
    pinch: (factor, from, to) => scene.camera.pinch(factor, from, to),
    windowStart: () => scene.windowing.start(),
    windowDrag: (by) => scene.windowing.drag(by),
    windowEnd: () => scene.windowing.end(),
    tap: toggleTools,
    doubleTap: (at) => scene.camera.toggle(at),
  });
  scene.onPaint = (isDone) => isDone && dropFirst();
  const dropLate = setTimeout(dropFirst, FIRST_STAYS_AT_MOST_MS);
  const stopKeeping = keepAddress(scene);
  return () => {
    clearTimeout(dropLate);
    stopKeeping();
    watch.disconnect();
    hands.dispose();
    scene.dispose();
  };
}

function CineRate({ scene }: { scene: Scene }) {
  const cine = scene.cine.value;
  if (!cine?.isPlaying.value || cine.reached.value === null) return null;
  return (
    <p class="cine-rate">
      {cine.reached.value} of {cine.rate.value} a second
    </p>
  );
}

function NoImages({ study, onBack }: Pick<ViewerProps, "study" | "onBack">) {
  useEffect(dropFirst, []);
  return (
    <section class="viewer always-dark empty">
      <p>
        <bdi>{nameInOneLine(study.study.patient_name)}</bdi>, {study.study.patient_id}
      </p>
      <p class="soft">This study holds no images.</p>
      {onBack && (
        <button type="button" class="button" onClick={onBack}>
          Back to the study
        </button>
      )}
    </section>
  );
}
