import type { Frame, Series, WindowSetting } from "../types";
import type { Camera } from "./camera";
import { type ScaleBar, scaleBar } from "./scale-bar";
import type { Source } from "./source";
import { type Shown, type Truth, truthOf } from "./truth";

/** What is written about the picture that is on the canvas; it changes in the same frame as the picture. */
export interface Label {
  series: Series;
  frame: Frame;
  truth: Truth;
  window: WindowSetting | null;
  isInverted: boolean;
  scaleBar: ScaleBar | null;
  failure: string | null;
}

/** The label of what was just drawn. */
export function labelOf(
  series: Series,
  frame: Frame,
  source: Source,
  shown: Shown,
  how: { window: WindowSetting | null; isInverted: boolean; camera: Camera },
): Label {
  const { window, isInverted, camera } = how;
  const scale = camera.place(frame).scale;
  const bar = scaleBar(frame.column_spacing, frame.spacing_source, scale, camera.screen.width);
  return {
    series,
    frame,
    truth: truthOf(shown, frame),
    window,
    isInverted,
    scaleBar: bar && { ...bar, pixels: bar.pixels / camera.ratio },
    failure: source.kind === "failed" ? source.reason : null,
  };
}
