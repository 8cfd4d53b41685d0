import { signal } from "@preact/signals";
import { api, whenSessionEnds } from "./api";
import { RequestFailed } from "./problem";
import { site } from "./site";
import type { Session } from "./types";

/** Who is signed in: undefined until known, null for nobody. */
export const session = signal<Session | null | undefined>(undefined);

/** True while the session has ended under an open screen: the sign-in stands over it, nothing is lost. */
export const hasEnded = signal(false);

let waiting: ((signedIn: boolean) => void)[] = [];

/** Finds out who is signed in; throws RequestFailed where the gateway cannot be reached. */
export async function loadSession(): Promise<void> {
  const told = await api.site();
  site.value = told;
  session.value = told.session;
}

/** Signs in, or signs in again over the open screen; throws RequestFailed with the sentence to show. */
export async function signIn(username: string, password: string): Promise<void> {
  const before = session.value;
  const next = await api.signIn(username, password);
  if (before && before.user.name !== next.user.name) {
    // The screen below belongs to somebody else.
    location.replace("/");
    return;
  }
  enter(next);
}

/** Takes a session that has begun, and lets the requests that waited for it go on. */
export function enter(next: Session): void {
  session.value = next;
  hasEnded.value = false;
  settle(true);
}

/** Says that the session has ended; resolves to true when signed in again. A guest's link has to be opened anew. */
export function sessionEnded(): Promise<boolean> {
  if (!session.value) {
    session.value = null;
    return Promise.resolve(false);
  }
  hasEnded.value = true;
  if (session.value.share) return Promise.resolve(false);
  return new Promise((resolve) => waiting.push(resolve));
}

/** Signs out and wipes what the browser holds; the page starts anew, so that nothing stays in memory. */
export async function signOut(): Promise<void> {
  await api.signOut().catch((thrown) => {
    if (!(thrown instanceof RequestFailed) || thrown.status !== 401) throw thrown;
  });
  await wipe();
  location.replace("/");
}

/** Leaves an ended session behind: the page starts anew at the front door. */
export async function leave(): Promise<void> {
  settle(false);
  await wipe();
  location.replace("/");
}

export const may = (scope: string) => session.value?.scopes.includes(scope) ?? false;

async function wipe(): Promise<void> {
  try {
    sessionStorage.clear();
    localStorage.clear();
    for (const name of await caches.keys()) await caches.delete(name);
  } catch {
    // Storage may be denied; then there is nothing in it.
  }
}

function settle(signedIn: boolean): void {
  const released = waiting;
  waiting = [];
  for (const resolve of released) resolve(signedIn);
}

whenSessionEnds(sessionEnded);
