import type { Frame, Series, Video, WindowSetting } from "../types";
import type { Camera } from "./camera";
import type { Presentation } from "./presentation";
import { type ScaleBar, scaleBar } from "./scale-bar";
import type { Source } from "./source";
import { type Shown, type Truth, truthOf } from "./truth";
import type { Windowing } from "./windowing";

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

/** How the viewer shows what it shows. */
interface How {
  windowing: Windowing;
  presentation: Presentation;
  isInverted: { value: boolean };
  camera: Camera;
}

/** The label of what was just drawn. */
export function labelOf(series: Series, frame: Frame, source: Source, shown: Shown, how: How): Label {
  const { camera, presentation } = how;
  const scale = camera.place(frame).scale;
  const bar = scaleBar(frame.column_spacing, frame.spacing_source, scale, camera.screen.width);
  return {
    series,
    frame,
    truth: presentation.truth(truthOf(shown, frame), series, frame.n),
    window: windowOf(source, frame, how.windowing),
    isInverted: how.isInverted.value,
    scaleBar: bar && { ...bar, pixels: bar.pixels / camera.ratio },
    failure: source.kind === "failed" ? source.reason : null,
  };
}

function windowOf(source: Source, frame: Frame, windowing: Windowing): WindowSetting | null {
  if (source.kind === "plane") return source.window;
  return source.kind === "stale" ? frame.window : windowing.shown();
}

/** The label of a video, which plays by itself. */
export const videoLabel = (series: Series, frame: Frame, video: Video): Label => ({
  series,
  frame,
  truth: truthOf({ kind: "video", mediaType: video.media_type }, frame),
  window: null,
  isInverted: false,
  scaleBar: null,
  failure: null,
});
