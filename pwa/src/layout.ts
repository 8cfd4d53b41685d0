import { signal } from "@preact/signals";

export type Layout = "phone" | "tablet" | "desktop";

const wide = typeof matchMedia === "undefined" ? null : matchMedia("(min-width: 760px)");
const widest = typeof matchMedia === "undefined" ? null : matchMedia("(min-width: 1100px)");

const measured = (): Layout => (widest?.matches ? "desktop" : wide?.matches ? "tablet" : "phone");

/** How many columns there is room for: one, two or three. */
export const layout = signal<Layout>(measured());

for (const query of [wide, widest]) {
  query?.addEventListener("change", () => {
    layout.value = measured();
  });
}
