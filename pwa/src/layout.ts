import { signal } from "@preact/signals";

export type Layout = "phone" | "tablet" | "desktop";

const query = (media: string) => (typeof matchMedia === "undefined" ? null : matchMedia(media));
const wide = query("(min-width: 760px)");
const widest = query("(min-width: 1100px)");
/** A phone on its side is wide and stays a phone: two columns would leave no room for the picture. */
const low = query("(orientation: landscape) and (max-height: 500px)");

function measured(): Layout {
  if (low?.matches || !wide?.matches) return "phone";
  return widest?.matches ? "desktop" : "tablet";
}

/** How many columns there is room for: one, two or three. */
export const layout = signal<Layout>(measured());

for (const each of [wide, widest, low]) {
  each?.addEventListener("change", () => {
    layout.value = measured();
  });
}
