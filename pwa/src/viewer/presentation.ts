import { signal } from "@preact/signals";
import type { Frame, PresentationState, Series, StateFrame } from "../types";
import type { Truth } from "./truth";

/** The presentation state that is on in a series, and what it does to each frame; frames outside it stay plain. */
export class Presentation {
  readonly chosen = signal<PresentationState | null>(null);
  private frames = new Map<number, StateFrame>();

  /** Puts a state on, or takes it off with null. */
  choose(state: PresentationState | null): void {
    this.frames = new Map(state?.frames.map((frame) => [frame.n, frame]));
    this.chosen.value = state;
  }

  covers(n: number): boolean {
    return this.frames.has(n);
  }

  /** Leaves a frame plain whose picture under the state cannot be had. */
  release(n: number): void {
    this.frames.delete(n);
  }

  /** The part of a rendition's name that says the state, `-p2`; empty where the frame is shown plain. */
  suffix(n: number): string {
    const state = this.chosen.value;
    return state && this.covers(n) ? `-p${state.n}` : "";
  }

  /** The frame as it is shown: its own, or the state's size, letters, spacing and window. */
  framed(frame: Frame): Frame {
    const shown = this.frames.get(frame.n);
    if (!shown) return frame;
    const isCalibrated = shown.column_spacing !== null;
    return { ...frame, ...shown, spacing_source: isCalibrated ? (frame.spacing_source ?? "pixel") : null };
  }

  /** The truth about a frame's picture, with what is true of presentation states. */
  truth(truth: Truth, series: Series, n: number): Truth {
    if (!series.states.length) return truth;
    const state = this.chosen.value;
    if (!state) return { ...truth, details: [...truth.details, "Presentation state not applied."] };
    const name = stateName(state, series.states);
    if (!this.covers(n)) {
      const details = [`Presentation state not applied to this image: ${name}.`, ...truth.details];
      return { ...truth, details };
    }
    const details = [`Presentation state applied: ${name}.`, ...truth.details];
    return truth.tone === "waiting" ? truth : { ...truth, mark: "state", details };
  }
}

/** What a state is called among the others: its label, with a number where two have the same. */
export function stateName(state: PresentationState, among: PresentationState[]): string {
  const label = state.label || "Unnamed";
  const same = among.filter((each) => (each.label || "Unnamed") === label);
  return same.length > 1 ? `${label} ${same.indexOf(state) + 1}` : label;
}

/** Whether a rendition's suffix says a presentation state. */
export const isStateSuffix = (suffix: string) => /^-p\d/.test(suffix);
