import { isOnline } from "./offline";

export const REFRESH_EVERY = 30_000;
/** Nobody is there any more: a screen left alone must not keep its session alive. */
export const LEFT_ALONE_AFTER = 30 * 60_000;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel", "touchmove"] as const;

/** Refreshes every half minute while somebody is looking, and at once when they look again; returns how to end it. */
export function beginRefreshing(refresh: () => void): () => void {
  let refreshedAt = Date.now();
  let touchedAt = Date.now();
  const refreshWhenDue = () => {
    const now = Date.now();
    const isWatched = document.visibilityState === "visible" && now - touchedAt < LEFT_ALONE_AFTER;
    if (!isWatched || !isOnline.value || now - refreshedAt < REFRESH_EVERY) return;
    refreshedAt = now;
    refresh();
  };
  const touched = () => {
    touchedAt = Date.now();
    refreshWhenDue();
  };
  const lookedAgain = () => {
    if (document.visibilityState === "visible") touched();
  };
  // Shorter than half a minute, so that a tick which comes a moment early does not cost a whole round.
  const timer = setInterval(refreshWhenDue, REFRESH_EVERY / 6);
  document.addEventListener("visibilitychange", lookedAgain);
  for (const sign of SIGNS_OF_LIFE) addEventListener(sign, touched, { passive: true });
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", lookedAgain);
    for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, touched);
  };
}
