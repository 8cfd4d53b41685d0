import { signal } from "@preact/signals";

/** What a screen reader is told, and the person sees for a moment. */
export const announcement = signal("");

let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something short that needs no answer. */
export function announce(words: string): void {
  announcement.value = words;
  clearTimeout(timer);
  timer = setTimeout(() => {
    announcement.value = "";
  }, 4000);
}
