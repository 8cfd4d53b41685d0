import type { KeyAction } from "./keys";
import type { Scene } from "./scene";

/** Does what a key asks for. */
export function perform(
  action: KeyAction,
  scene: Scene,
  screen: { toggleTools: () => void; back: (() => void) | null },
): void {
  switch (action.does) {
    case "step":
      scene.scroll(action.by);
      break;
    case "end":
      scene.goTo(action.to === "first" ? 1 : Number.MAX_SAFE_INTEGER);
      break;
    case "preset":
      choosePreset(action.index, scene);
      break;
    case "cine":
      playOrPause(scene);
      break;
    case "invert":
      scene.invert();
      break;
    case "reset":
      scene.reset();
      break;
    case "fit":
      scene.camera.fit();
      break;
    case "tools":
      screen.toggleTools();
      break;
    case "delete":
      scene.measuring.delete();
      break;
    case "back":
      screen.back?.();
      break;
  }
}

function choosePreset(index: number, scene: Scene): void {
  const preset = scene.series.value?.presets[index];
  if (!preset || !scene.windowing.isPossible.value) return;
  const { name: _, ...window } = preset;
  scene.windowing.set(window);
}

function playOrPause(scene: Scene): void {
  const cine = scene.cine.value;
  if (scene.video.value) scene.onPlay();
  else if (cine?.isPlaying.value) cine.pause();
  else cine?.play(scene.n.value);
}
