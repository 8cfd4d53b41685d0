import { signal } from "@preact/signals";
import { api } from "./api";
import type { Site } from "./types";

/** What anybody may know of the site; null until it is known. */
export const site = signal<Site | null>(null);

/** Fetches it once; without it the screens say less, and work. */
export async function loadSite(): Promise<void> {
  site.value ??= await api.site().catch(() => null);
}
