/** What the keyboard does in the viewer. */
export type KeyAction =
  | { does: "step"; by: number }
  | { does: "end"; to: "first" | "last" }
  | { does: "cine" | "invert" | "reset" | "fit" | "tools" | "back" | "delete" }
  | { does: "preset"; index: number };

const TABLE: Record<string, KeyAction> = {
  ArrowUp: { does: "step", by: -1 },
  ArrowLeft: { does: "step", by: -1 },
  ArrowDown: { does: "step", by: 1 },
  ArrowRight: { does: "step", by: 1 },
  PageUp: { does: "step", by: -10 },
  PageDown: { does: "step", by: 10 },
  Home: { does: "end", to: "first" },
  End: { does: "end", to: "last" },
  " ": { does: "cine" },
  i: { does: "invert" },
  r: { does: "reset" },
  f: { does: "fit" },
  h: { does: "tools" },
  Delete: { does: "delete" },
  Backspace: { does: "delete" },
  Escape: { does: "back" },
};

/** The action of a key, or null where the key belongs to a field, a button, a dialog or the browser. */
export function actionOf(event: KeyboardEvent): KeyAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return null;
  if (/^[1-9]$/.test(event.key)) return { does: "preset", index: Number(event.key) - 1 };
  return TABLE[event.key] ?? TABLE[event.key.toLowerCase()] ?? null;
}

function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as Element | null;
  if (target?.closest("input, select, textarea, dialog, [contenteditable]")) return true;
  if (document.querySelector("dialog[open]")) return true;
  return (event.key === " " || event.key === "Enter") && Boolean(target?.closest("button, a, summary"));
}
