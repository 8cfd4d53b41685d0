import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** True once so many milliseconds have passed since the component came. */
export function useLate(milliseconds: number): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return isLate;
}

/** What stands in for something that is coming, once it takes longer than 150 ms. */
export function Waiting({ children }: { children: ComponentChildren }) {
  return useLate(150) ? children : null;
}
