import { stateName } from "./presentation";
import type { Scene } from "./scene";
import { isSameWindow } from "./window";

/** What the Window tool offers above the thumb: presentation states where there are any, and windows. */
export function Presets({ scene }: { scene: Scene }) {
  return (
    <div class="presets">
      <States scene={scene} />
      {scene.windowing.isPossible.value && <Windows scene={scene} />}
    </div>
  );
}

function States({ scene }: { scene: Scene }) {
  const states = scene.series.value?.states ?? [];
  const chosen = scene.presentation.chosen.value;
  if (states.length === 0) return null;
  return (
    <fieldset class="chip-row">
      <legend>Presentation</legend>
      <Chip words="None" isChosen={chosen === null} onClick={() => chosen && scene.present(null)} />
      {states.map((state) => (
        <Chip
          key={state.n}
          words={stateName(state, states)}
          title={state.description}
          isChosen={state === chosen}
          onClick={() => scene.present(state === chosen ? null : state)}
        />
      ))}
    </fieldset>
  );
}

function Windows({ scene }: { scene: Scene }) {
  const { windowing } = scene;
  const presets = scene.series.value?.presets ?? [];
  const chosen = windowing.window.value;
  const hasState = scene.presentation.chosen.value !== null;
  return (
    <fieldset class="chip-row" aria-label="Window presets">
      <Chip
        words="As the image says"
        isChosen={chosen === null && !hasState}
        onClick={() => scene.present(null)}
      />
      {presets.map((preset) => {
        const { name, ...window } = preset;
        return (
          <Chip
            key={`${name} ${window.window_center} ${window.window_width}`}
            words={name}
            isChosen={chosen !== null && isSameWindow(chosen, window)}
            onClick={() => windowing.set(window)}
          />
        );
      })}
      {!scene.frame?.zoom && <Chip words="Auto" isChosen={false} onClick={() => void windowing.auto()} />}
    </fieldset>
  );
}

interface ChipProps {
  words: string;
  title?: string;
  isChosen: boolean;
  onClick: () => void;
}

function Chip({ words, title, isChosen, onClick }: ChipProps) {
  return (
    <button type="button" class="chip" title={title || undefined} aria-pressed={isChosen} onClick={onClick}>
      {words}
    </button>
  );
}
