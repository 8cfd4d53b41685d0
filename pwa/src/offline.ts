import { signal } from "@preact/signals";
import { scriptAddress } from "./trusted";

const LOOK_AGAIN_MS = 60 * 60 * 1000;

/** Whether the browser believes it has a network. */
export const isOnline = signal(typeof navigator === "undefined" ? true : navigator.onLine !== false);

/** A newer version of the app: it waits until the person agrees, or is in charge because another window agreed. */
export const newVersion = signal<ServiceWorker | null>(null);

/** Whether the person has said "Later" to it. */
export const isPutOff = signal(false);

let hasAgreed = false;

/** Watches the network and registers the service worker; without one the app works all the same. */
export async function beginOffline(): Promise<void> {
  addEventListener("online", () => {
    isOnline.value = true;
  });
  addEventListener("offline", () => {
    isOnline.value = false;
  });
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener("controllerchange", () => {
    if (hasAgreed) location.reload();
    // Another window agreed. Here somebody may be in the middle of a study: this page goes on as it is.
    else newVersion.value = serviceWorker.controller;
  });
  try {
    watch(await serviceWorker.register(scriptAddress("/sw.js"), { scope: "/" }));
  } catch {
    // Storage may be denied or the worker not be reachable: the app itself does not depend on it.
  }
}

/** Takes the new version; the page reloads once it is in charge. */
export function agreeToUpdate(): void {
  const version = newVersion.value;
  hasAgreed = true;
  if (version?.state === "installed") version.postMessage("take over");
  else location.reload();
}

function watch(registration: ServiceWorkerRegistration): void {
  const offer = () => {
    // Without a controller this is the first installation, not an update.
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    if (newVersion.value !== registration.waiting) isPutOff.value = false;
    newVersion.value = registration.waiting;
  };
  offer();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  lookAgain(registration);
}

/** An installed app stays open for days without a navigation, at which alone the browser looks for a new version. */
function lookAgain(registration: ServiceWorkerRegistration): void {
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK_AGAIN_MS) return;
    looked = Date.now();
    registration.update().catch(() => undefined);
  });
}
