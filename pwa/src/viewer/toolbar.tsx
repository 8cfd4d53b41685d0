import { useState } from "preact/hooks";
import { Sheet } from "../ui/sheet";
import type { Tool } from "./gestures";
import { MeasureChips } from "./measure-chips";
import { Presets } from "./presets";
import type { Scene } from "./scene";
import { playsInTime } from "./series";
import { SeriesStrip } from "./series-strip";
import { ToolIcon, type ToolIconName } from "./tool-icon";
import { fullWords } from "./truth-badge";

/** The tools within the thumb's reach, and the window's presets above it. */
export function Toolbar({ scene }: { scene: Scene }) {
  const [isMoreOpen, setMoreOpen] = useState(false);
  const [isSeriesOpen, setSeriesOpen] = useState(false);
  const hasSeries = scene.stacks.length > 1;
  const isVideo = scene.video.value !== null;
  if (isVideo && !hasSeries) return null;
  return (
    <>
      {scene.tool.value === "window" && !isVideo && <Presets scene={scene} />}
      {scene.tool.value === "measure" && !isVideo && <MeasureChips scene={scene} />}
      <div class="tools" role="toolbar" aria-label="Tools">
        {!isVideo && <HandTools scene={scene} />}
        {hasSeries && (
          <PlainButton icon="series" words="Series" isPressed={false} onClick={() => setSeriesOpen(true)} />
        )}
        <CineButton scene={scene} />
        {!isVideo && (
          <PlainButton icon="more" words="More" isPressed={false} onClick={() => setMoreOpen(true)} />
        )}
      </div>
      {isMoreOpen && (
        <Sheet title="More" onClose={() => setMoreOpen(false)}>
          <More scene={scene} close={() => setMoreOpen(false)} />
        </Sheet>
      )}
      {isSeriesOpen && (
        <Sheet title="Series" onClose={() => setSeriesOpen(false)}>
          <SeriesStrip scene={scene} chosen={() => setSeriesOpen(false)} />
        </Sheet>
      )}
    </>
  );
}

/** What one finger does. Where only presentation states can be chosen, the tool is named by them. */
function HandTools({ scene }: { scene: Scene }) {
  const series = scene.series.value;
  const isPossible = scene.windowing.isPossible.value;
  return (
    <>
      <ToolButton scene={scene} tool="scroll" words={series?.frames.length === 1 ? "Move" : "Scroll"} />
      {(isPossible || Boolean(series?.states.length)) && (
        <ToolButton scene={scene} tool="window" words={isPossible ? "Window" : "State"} />
      )}
      {scene.mayMeasure && <ToolButton scene={scene} tool="measure" words="Measure" />}
    </>
  );
}

function ToolButton({ scene, tool, words }: { scene: Scene; tool: Tool; words: string }) {
  const choose = () => {
    // Measuring begins with a length, which is what is measured most.
    scene.measuring.arm(tool === "measure" && scene.tool.value !== tool ? "length" : null);
    scene.tool.value = tool;
  };
  return <PlainButton icon={tool} words={words} isPressed={scene.tool.value === tool} onClick={choose} />;
}

interface PlainButtonProps {
  icon: ToolIconName;
  words: string;
  isPressed: boolean;
  onClick: () => void;
}

function PlainButton({ icon, words, isPressed, onClick }: PlainButtonProps) {
  return (
    <button type="button" class="tool" aria-pressed={isPressed} onClick={onClick}>
      <ToolIcon name={icon} />
      <span>{words}</span>
    </button>
  );
}

function CineButton({ scene }: { scene: Scene }) {
  const cine = scene.cine.value;
  const series = scene.series.value;
  if (!cine || !series || !playsInTime(series)) return null;
  const isPlaying = cine.isPlaying.value;
  const toggle = () => (isPlaying ? cine.pause() : cine.play(scene.n.value));
  return (
    <PlainButton
      icon={isPlaying ? "pause" : "play"}
      words={isPlaying ? "Pause" : "Cine"}
      isPressed={isPlaying}
      onClick={toggle}
    />
  );
}

function More({ scene, close }: { scene: Scene; close: () => void }) {
  const cine = scene.cine.value;
  const then = (act: () => void) => () => {
    act();
    close();
  };
  return (
    <div class="more">
      {cine && (
        <div class="cine-row">
          <button
            type="button"
            class="button"
            onClick={then(() => (cine.isPlaying.value ? cine.pause() : cine.play(scene.n.value)))}
          >
            <ToolIcon name={cine.isPlaying.value ? "pause" : "play"} />
            {cine.isPlaying.value ? "Pause" : "Cine"}
          </button>
          <button
            type="button"
            class="button"
            aria-label="Slower"
            onClick={() => cine.setRate(cine.rate.value / 1.5)}
          >
            −
          </button>
          <span class="rate">{cine.rate.value} a second</span>
          <button
            type="button"
            class="button"
            aria-label="Faster"
            onClick={() => cine.setRate(cine.rate.value * 1.5)}
          >
            +
          </button>
        </div>
      )}
      <button type="button" class="button" onClick={then(() => scene.invert())}>
        <ToolIcon name="invert" />
        {scene.isInverted.value ? "Greys as stored" : "Invert"}
      </button>
      <button type="button" class="button" onClick={then(() => scene.reset())}>
        <ToolIcon name="reset" />
        Reset
      </button>
      {!scene.frame?.zoom && (
        <button type="button" class="button" onClick={then(() => scene.askFull())}>
          <ToolIcon name="full" />
          {fullWords(scene, scene.n.value)}
        </button>
      )}
    </div>
  );
}
