import type { Scene } from "./scene";

const WRITTEN_AFTER_MS = 350;

/** The query that leads back to what is looked at: `?series=&frame=&wc=&ww=`. No word of the patient is in it. */
export function addressOf(scene: Scene): string {
  const series = scene.series.value;
  if (!series) return "";
  const query = new URLSearchParams({ series: series.series_instance_uid, frame: String(scene.n.value) });
  const window = scene.windowing.window.value;
  if (window) {
    query.set("wc", String(window.window_center));
    query.set("ww", String(window.window_width));
  }
  return `?${query}`;
}

/** Keeps the page's address up to date, seldom enough for every browser; returns what ends it. */
export function keepAddress(scene: Scene): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const page = location.pathname;
  scene.onMove = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (location.pathname === page) history.replaceState(history.state, "", page + addressOf(scene));
    }, WRITTEN_AFTER_MS);
  };
  return () => {
    clearTimeout(timer);
    scene.onMove = () => {};
  };
}
