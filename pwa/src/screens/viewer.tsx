import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { dropFirst } from "../first";
import { nameInOneLine } from "../person";
import { announce } from "../ui/announce";
import { addressOf, keepAddress } from "../viewer/address";
import { Corners } from "../viewer/corners";
import { Hands, type Tool } from "../viewer/gestures";
import { ViewerHeader } from "../viewer/header";
import { actionOf } from "../viewer/keys";
import { keepMeasurements } from "../viewer/measure-keeping";
import { MeasureLayer } from "../viewer/measure-layer";
import { Magnifier } from "../viewer/measure-magnifier";
import { perform } from "../viewer/perform";
import { Scene } from "../viewer/scene";
import { Scrubber } from "../viewer/scrubber";
import { Toolbar } from "../viewer/toolbar";
import { VideoPlace } from "../viewer/video";
import type { Point } from "../viewer/viewport";
import type { ViewerProps } from "../viewing";
import "../measure.css";
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
    if (scene.mayMeasure) return keepMeasurements(study.study.study_instance_uid, scene.measuring, announce);
  }, [scene, study]);
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
        <MeasureLayer scene={scene} />
        <Corners scene={scene} />
        <MeasureHint scene={scene} />
        <Magnifier scene={scene} picture={canvas} />
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
    tool: (at) => toolAt(scene, at),
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
    measuring: scene.measuring,
    tap: (at) => {
      if (scene.tool.value !== "measure" || !scene.measuring.choose(at)) toggleTools();
    },
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

/** What a finger does that comes down here: measuring leaves the picture to scroll wherever there is nothing to hold. */
function toolAt(scene: Scene, at: Point): Tool {
  const tool = scene.tool.value;
  if (tool === "measure") return scene.measuring.takes(at) ? "measure" : "scroll";
  return scene.windowing.isPossible.value ? tool : "scroll";
}

/** What the next stroke draws, until a finger is down. */
function MeasureHint({ scene }: { scene: Scene }) {
  const { measuring } = scene;
  const words = measuring.hint();
  if (scene.tool.value !== "measure" || !measuring.placed.value || !words || measuring.finger.value)
    return null;
  return (
    <p class="measure-hint" role="status">
      {words}
    </p>
  );
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
