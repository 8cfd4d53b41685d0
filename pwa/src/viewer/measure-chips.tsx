import { useState } from "preact/hooks";
import { Sheet } from "../ui/sheet";
import { type Drawn, KINDS, type Kind } from "./measure";
import { scaleOf } from "./measure-geometry";
import { calibrationWords } from "./measure-words";
import type { Measuring } from "./measuring";
import type { Scene } from "./scene";

/** What the Measure tool offers above the thumb. */
export function MeasureChips({ scene }: { scene: Scene }) {
  const { measuring } = scene;
  const placed = scene.measuring.placed.value;
  const [writing, setWriting] = useState<Drawn | null>(null);
  const chosen = placed && measuring.chosenOn(placed.frame);
  return (
    <div class="presets measure-panel">
      <fieldset class="chip-row" aria-label="Change measurements">
        <legend>{placed ? calibrationWords(scaleOf(placed.frame)) : "Nothing to measure here"}</legend>
        <Chip words="Undo" isDisabled={!measuring.canUndo.value} onClick={() => measuring.undo()} />
        {chosen && <Chip words="Delete" onClick={() => measuring.delete()} />}
        {chosen?.kind === "arrow" && <Chip words="Words" onClick={() => setWriting(chosen)} />}
        <Chip
          words="Clear"
          isDisabled={!placed || measuring.on(placed.frame).length === 0}
          onClick={() => measuring.clear()}
        />
      </fieldset>
      <fieldset class="chip-row" aria-label="What to measure">
        {Object.entries(KINDS).map(([kind, { words }]) => (
          <Chip
            key={kind}
            words={words}
            isChosen={measuring.kind.value === kind}
            isDisabled={!placed}
            onClick={() => measuring.arm(measuring.kind.value === kind ? null : (kind as Kind))}
          />
        ))}
      </fieldset>
      {writing && <ArrowWords drawn={writing} measuring={measuring} close={() => setWriting(null)} />}
    </div>
  );
}

interface ChipProps {
  words: string;
  isChosen?: boolean;
  isDisabled?: boolean;
  onClick: () => void;
}

function Chip({ words, isChosen, isDisabled = false, onClick }: ChipProps) {
  return (
    <button type="button" class="chip" aria-pressed={isChosen} disabled={isDisabled} onClick={onClick}>
      {words}
    </button>
  );
}

function ArrowWords({ drawn, measuring, close }: { drawn: Drawn; measuring: Measuring; close: () => void }) {
  const [text, setText] = useState(drawn.text);
  return (
    <Sheet title="Words at the arrow" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          measuring.write(drawn.id, text);
          close();
        }}
      >
        <label class="field">
          <span>Words</span>
          <input maxLength={80} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <button type="submit" class="button first">
          Keep
        </button>
      </form>
    </Sheet>
  );
}
