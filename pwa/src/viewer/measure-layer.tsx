import { useEffect } from "preact/hooks";
import { type Drawn, isRegion } from "./measure";
import { scaleOf } from "./measure-geometry";
import { type Laying, pathOf, pointOver, wordsAt } from "./measure-shape";
import { type Statistics, statisticsOf } from "./measure-statistics";
import { type NoValues, wordsOf } from "./measure-words";
import type { Scene } from "./scene";

const REST_MS = 300;
const LINE = 17;

/** What is drawn over the picture; it goes with the picture in the same frame. */
export function MeasureLayer({ scene }: { scene: Scene }) {
  const { measuring } = scene;
  const placed = scene.measuring.placed.value;
  const shown = placed ? measuring.shown(placed.frame) : [];
  const hasRegion = shown.some((one) => isRegion(one.kind));
  const at = placed?.frame.n;
  useEffect(() => {
    if (!hasRegion || at === undefined) return;
    // Values are fetched for the slice that the eye rests on, not for each that flies past.
    const timer = setTimeout(() => measuring.wantValues(), REST_MS);
    return () => clearTimeout(timer);
  }, [measuring, hasRegion, at]);
  if (!placed) return hasHidden(scene) ? <HiddenNotice /> : null;
  if (shown.length === 0) return null;
  const isMeasuring = scene.tool.value === "measure";
  return (
    <div class="measure-layer" role="img" aria-label={`${shown.length} on this image`}>
      <svg aria-hidden="true">
        {shown.map((one) => (
          <Shape
            key={one.id}
            drawn={one}
            laying={placed.laying}
            isChosen={one.id === measuring.chosen.value}
            hasHandles={isMeasuring}
          />
        ))}
      </svg>
      {shown.map((one) => (
        <Words key={one.id} drawn={one} scene={scene} laying={placed.laying} />
      ))}
    </div>
  );
}

/** Whether a presentation state hides measurements of the frame in sight. */
function hasHidden(scene: Scene): boolean {
  const frame = scene.label.value?.frame;
  if (!frame || scene.video.value || !scene.presentation.covers(frame.n)) return false;
  return scene.tool.value === "measure" || scene.measuring.on(frame).length > 0;
}

function HiddenNotice() {
  return (
    <p class="measure-note" role="status">
      Measurements are hidden while a presentation state is on.
    </p>
  );
}

interface ShapeProps {
  drawn: Drawn;
  laying: Laying;
  isChosen: boolean;
  hasHandles: boolean;
}

function Shape({ drawn, laying, isChosen, hasHandles }: ShapeProps) {
  const path = pathOf(drawn, laying);
  return (
    <g class={isChosen && hasHandles ? "drawn chosen" : "drawn"} data-kind={drawn.kind}>
      <path class="halo" d={path} />
      <path class="line" d={path} />
      {hasHandles && drawn.kind === "ellipse" && (
        <path class="box" d={pathOf({ kind: "rectangle", points: drawn.points }, laying)} />
      )}
      {hasHandles &&
        drawn.points.map((place) => {
          const { x, y } = pointOver(place, laying);
          return <circle key={place.join()} cx={x} cy={y} r={isChosen ? 7 : 4} />;
        })}
    </g>
  );
}

function Words({ drawn, scene, laying }: { drawn: Drawn; scene: Scene; laying: Laying }) {
  const placed = scene.measuring.placed.value;
  if (!placed) return null;
  const values = isRegion(drawn.kind) ? valuesOf(drawn, scene) : null;
  const lines = wordsOf(drawn, scaleOf(placed.frame), values);
  if (lines.length === 0) return null;
  const { x, y } = wordsAt(drawn, laying);
  const width = Math.max(...lines.map((words) => words.length)) * 7.4 + 12;
  const left = Math.max(4, Math.min(x, scene.camera.screen.width / laying.ratio - width));
  const top = Math.max(4, Math.min(y, scene.camera.screen.height / laying.ratio - lines.length * LINE - 8));
  return (
    <p class="measure-words" style={{ left: `${left}px`, top: `${top}px` }}>
      {lines.map((words) => (
        <span key={words}>{words}</span>
      ))}
    </p>
  );
}

const reckoned = new WeakMap<Drawn, { plane: object; isDragging: boolean; values: Statistics | null }>();

/** The region's values; reckoned once for each drawing and plane. */
function valuesOf(drawn: Drawn, scene: Scene): Statistics | NoValues | null {
  const frame = scene.frame;
  const planes = scene.exactPlanes();
  if (!frame || !planes) return "none";
  const plane = planes.get(frame.n);
  if (!plane) return planes.hasGivenUp(frame.n) ? "away" : "waiting";
  const before = reckoned.get(drawn);
  const isDragging = scene.measuring.begun.value === drawn && scene.measuring.finger.value !== null;
  if (before?.plane === plane && before.isDragging === isDragging) return before.values;
  const values = statisticsOf(plane, frame, drawn, isDragging);
  reckoned.set(drawn, { plane, isDragging, values });
  return values;
}
