import { signal } from "@preact/signals";
import { type Start, startIn } from "./viewing";

export type Route =
  | { screen: "worklist"; query: URLSearchParams }
  | { screen: "sign-in" }
  | { screen: "study"; uid: string; start: Start | null }
  | { screen: "report"; uid: string }
  | { screen: "guest"; shareId: string }
  | { screen: "shares" }
  | { screen: "me" }
  | { screen: "lost" };

const UID = /^[0-9.]{1,64}$/;

/** The screen that an address of the app names. */
export function routeOf(url: URL): Route {
  const [first, second, third, ...rest] = url.pathname.split("/").filter(Boolean).map(plain);
  if (rest.length) return { screen: "lost" };
  if (first === undefined) return { screen: "worklist", query: url.searchParams };
  if (first === "studies" && second && UID.test(second)) return studyRoute(second, third, url.searchParams);
  if (first === "s" && !third) return { screen: "guest", shareId: second ?? "" };
  if (second) return { screen: "lost" };
  if (first === "me" || first === "shares" || first === "sign-in") return { screen: first };
  return { screen: "lost" };
}

function studyRoute(uid: string, page: string | undefined, query: URLSearchParams): Route {
  if (page === "report") return { screen: "report", uid };
  return page ? { screen: "lost" } : { screen: "study", uid, start: startIn(query) };
}

function plain(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const here = typeof location === "undefined" ? new URL("http://lightbox.invalid/") : new URL(location.href);
export const route = signal<Route>(routeOf(here));

/** How many of the app's own pages lie behind this one: `back` leaves the app for none of them. */
const depth = () => (history.state as { depth?: number } | null)?.depth ?? 0;
const key = () => (history.state as { key?: string } | null)?.key ?? "first";
const scrolls = new Map<string, number>();
const newKey = () => Math.random().toString(36).slice(2, 10);
let shown = "first";

/** Goes to an address of the app. */
export function go(address: string, { replace = false } = {}): void {
  scrolls.set(key(), scrollY);
  if (replace) history.replaceState(history.state ?? { depth: 0, key: newKey() }, "", address);
  else history.pushState({ depth: depth() + 1, key: newKey() }, "", address);
  shown = key();
  route.value = routeOf(new URL(location.href));
  if (!replace) scrollTo(0, 0);
}

/** Goes back inside the app, or to `otherwise` where the app was entered here. */
export function back(otherwise: string): void {
  if (depth() > 0) history.back();
  else go(otherwise, { replace: true });
}

/** The scroll position that this page of the history had when it was left, for screens to restore once they have drawn. */
export const keptScroll = () => scrolls.get(key()) ?? 0;

/** Follows the browser's history and the app's own links. */
export function followHistory(): void {
  history.scrollRestoration = "manual";
  if (!history.state) history.replaceState({ depth: 0, key: newKey() }, "", location.href);
  shown = key();
  addEventListener("popstate", () => {
    // The page that is being left still stands: its position is kept under its own key.
    scrolls.set(shown, scrollY);
    shown = key();
    route.value = routeOf(new URL(location.href));
  });
  document.addEventListener("click", (click) => {
    const link = (click.target as Element).closest?.("a");
    if (!link || !isPlainClick(click) || !isOurs(link)) return;
    click.preventDefault();
    go(link.pathname + link.search);
  });
}

const isPlainClick = (click: MouseEvent) =>
  click.button === 0 && !click.metaKey && !click.ctrlKey && !click.shiftKey && !click.defaultPrevented;

const isOurs = (link: HTMLAnchorElement) =>
  link.origin === location.origin && !link.target && !link.hasAttribute("download");
