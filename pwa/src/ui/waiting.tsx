import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** What stands in for something that is coming, once it takes longer than 150 ms. */
export function Waiting({ children }: { children: ComponentChildren }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? children : null;
}
