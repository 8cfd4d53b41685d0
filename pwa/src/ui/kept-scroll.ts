import { useLayoutEffect, useRef } from "preact/hooks";
import { keptScroll } from "../router";

/** Puts a page that was gone back to where it was left, once there is something to scroll. */
export function useKeptScroll(isDrawn: boolean): void {
  const isDone = useRef(false);
  useLayoutEffect(() => {
    if (!isDrawn || isDone.current) return;
    isDone.current = true;
    scrollTo(0, keptScroll());
  }, [isDrawn]);
}
