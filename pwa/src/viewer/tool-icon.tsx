const PATHS = {
  scroll: "M7 8l5-4 5 4M7 16l5 4 5-4M5 12h14",
  window: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 4v16M12 8h4.900M12 12h8M12 16h4.900",
  measure: "M3 16L16 3l5 5L8 21zM7 12l2 2M10 9l3 3M13 6l2 2",
  series: "M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  invert: "M4 5h16v14H4zM12 5v14M12 9l4-4M12 14l8-8M12 19l8-8M17 19l3-3",
  reset: "M5 12a7 7 0 112 5M5 18v-4h4",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
} as const;

export type ToolIconName = keyof typeof PATHS;

/** A line drawing above a tool's word. */
export function ToolIcon({ name }: { name: ToolIconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
