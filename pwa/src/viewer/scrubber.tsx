import { useEffect, useRef } from "preact/hooks";
import type { Scene } from "./scene";

/** A slider over the stack: where one is, and which slices have arrived. */
export function Scrubber({ scene }: { scene: Scene }) {
  const stack = scene.stack.value;
  const count = scene.series.value?.frames.length ?? 0;
  if (!stack || count < 2) return null;
  const arrived = stack.arrivedCount.value;
  const n = scene.n.value;
  return (
    <div class="scrubber">
      <div class="track">
        <ArrivedBar arrived={stack.arrived.value} count={count} />
        <input
          type="range"
          min="1"
          max={count}
          step="1"
          value={n}
          aria-label="Image in the series"
          aria-valuetext={`Image ${n} of ${count}`}
          onInput={(event) => {
            scene.cine.value?.pause();
            scene.moving();
            scene.goTo(event.currentTarget.valueAsNumber);
          }}
          onChange={() => scene.scrollEnd()}
        />
      </div>
      <p class="count">
        <span class="position">
          {n} / {count}
        </span>
        <span class="loaded">{arrived < count ? `${arrived} loaded` : "all loaded"}</span>
      </p>
    </div>
  );
}

/** One stroke for each run of slices that are here. */
function ArrivedBar({ arrived, count }: { arrived: Uint8Array; count: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const place = canvas.current;
    const context = place?.getContext("2d");
    if (!place || !context) return;
    const width = Math.min(count, 1024);
    if (place.width !== width) place.width = width;
    context.clearRect(0, 0, width, 1);
    context.fillStyle = getComputedStyle(place).color;
    for (let n = 1; n <= count; n++) {
      if (!arrived[n]) continue;
      const from = Math.floor(((n - 1) * width) / count);
      const to = Math.max(Math.floor((n * width) / count), from + 1);
      context.fillRect(from, 0, to - from, 1);
    }
  }, [arrived, count]);
  return <canvas ref={canvas} class="arrived" width="1" height="1" />;
}
