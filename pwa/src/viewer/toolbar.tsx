import { useState } from "preact/hooks";
import { Sheet } from "../ui/sheet";
import type { Tool } from "./gestures";
import type { Scene } from "./scene";
import { SeriesStrip } from "./series-strip";
import { ToolIcon, type ToolIconName } from "./tool-icon";
import { isSameWindow } from "./window";

/** The tools within the thumb's reach, and the window's presets above it. */
export function Toolbar({ scene }: { scene: Scene }) {
  const [isMoreOpen, setMoreOpen] = useState(false);
  const [isSeriesOpen, setSeriesOpen] = useState(false);
  const hasSeries = scene.stacks.length > 1;
  return (
    <>
      {scene.tool.value === "window" && <Presets scene={scene} />}
      <div class="tools" role="toolbar" aria-label="Tools">
        <ToolButton
          scene={scene}
          tool="scroll"
          words={scene.label.value?.series.frames.length === 1 ? "Move" : "Scroll"}
        />
        {scene.mayWindow.value && <ToolButton scene={scene} tool="window" words="Window" />}
        {hasSeries && (
          <PlainButton icon="series" words="Series" isPressed={false} onClick={() => setSeriesOpen(true)} />
        )}
        <CineButton scene={scene} />
        <PlainButton icon="more" words="More" isPressed={false} onClick={() => setMoreOpen(true)} />
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

function ToolButton({ scene, tool, words }: { scene: Scene; tool: Tool; words: string }) {
  const choose = () => {
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
  if (!cine || !scene.series.value?.cine) return null;
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

function Presets({ scene }: { scene: Scene }) {
  const presets = scene.series.value?.presets ?? [];
  const chosen = scene.window.value;
  return (
    <fieldset class="presets" aria-label="Window presets">
      <Chip words="As the image says" isChosen={chosen === null} onClick={() => scene.setWindow(null)} />
      {presets.map((preset) => {
        const { name, ...window } = preset;
        return (
          <Chip
            key={`${name} ${window.window_center} ${window.window_width}`}
            words={name}
            isChosen={chosen !== null && isSameWindow(chosen, window)}
            onClick={() => scene.setWindow(window)}
          />
        );
      })}
      <Chip words="Auto" isChosen={false} onClick={() => void scene.auto()} />
    </fieldset>
  );
}

function Chip({ words, isChosen, onClick }: { words: string; isChosen: boolean; onClick: () => void }) {
  return (
    <button type="button" class="chip" aria-pressed={isChosen} onClick={onClick}>
      {words}
    </button>
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
      <button type="button" class="button" onClick={then(() => scene.askFull())}>
        <ToolIcon name="full" />
        {scene.mayWindow.value ? "Full fidelity now" : "All pixels now"}
      </button>
    </div>
  );
}
