import { signal } from "@preact/signals";
import type { Site } from "./types";

/** What anybody may know of the site; null until it is known. */
export const site = signal<Site | null>(null);
