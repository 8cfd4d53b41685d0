import { computed, signal } from "@preact/signals";

/** Chromium's own offer to install, kept until the person asks for it. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** How this browser installs an app: it is asked to, or the person does it in the browser's Share menu. */
export type InstallWay = "prompt" | "share-menu";

/** The one word kept in the browser: that the hint has had its turn. */
const KEY = "install-hint";

const kept = signal<InstallPrompt | null>(null);
const isInstalled = signal(standsAlone());
const sharesToHome = isSafariOnAPhone();

/** How the app can be installed here; null where it is installed or cannot be. */
export const installWay = computed<InstallWay | null>(() => {
  if (isInstalled.value) return null;
  if (kept.value) return "prompt";
  return sharesToHome ? "share-menu" : null;
});

/** Whether the hint may still come by itself. */
export const isHintDue = signal(!wasSeen());

/** Keeps the browser's offer for later, and what was said to the hint. */
export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    kept.value = event as InstallPrompt;
  });
  addEventListener("appinstalled", () => {
    isInstalled.value = true;
  });
  // Signing out wipes the browser's storage; this word is nobody's and comes back.
  addEventListener("pagehide", () => {
    if (hasBeenSeen) remember();
  });
}

/** Asks the browser to install the app; an offer can be used once, the browser makes another one. */
export async function install(): Promise<void> {
  const offer = kept.value;
  kept.value = null;
  endHint();
  await offer?.prompt();
}

let hasBeenSeen = !isHintDue.value;

/** The hint is on the screen: it does not come again by itself. */
export function hintSeen(): void {
  hasBeenSeen = true;
  remember();
}

/** The hint has been answered or left behind. */
export function endHint(): void {
  isHintDue.value = false;
}

function wasSeen(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    localStorage.setItem(KEY, "seen");
  } catch {
    // Storage may be denied: then the hint is over for as long as the page lives.
  }
}

function standsAlone(): boolean {
  if (typeof matchMedia === "undefined") return false;
  const isOwnWindow = matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches;
  return isOwnWindow || (navigator as { standalone?: boolean }).standalone === true;
}

/** Safari makes no offer. An iPad calls itself a Macintosh, but no Macintosh has a touch screen. */
function isSafariOnAPhone(): boolean {
  if (typeof navigator === "undefined") return false;
  const { userAgent, maxTouchPoints } = navigator;
  const isIos = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return isIos && /Version\/[\d.]+.* Safari\//.test(userAgent);
}
