import { failureOf, isAbort, noConnection } from "./problem";
import type {
  CreatedShare,
  NewShare,
  Report,
  Search,
  SearchResult,
  Session,
  Share,
  SharePreview,
  Site,
  StudyDetail,
} from "./types";
import type { Drawn } from "./viewer/measure";

const BASE = "/api/v1";
const segment = encodeURIComponent;

/** Asks the person to sign in again; true once that is done, false where it cannot be (a guest). */
let signInAgain: () => Promise<boolean> = async () => false;

/** Sets what happens when a request finds that the session has ended. */
export function whenSessionEnds(ask: () => Promise<boolean>): void {
  signInAgain = ask;
}

/** A response that is ok; throws RequestFailed. A request that finds the session ended goes on after signing in. */
export async function request(address: string, init: RequestInit = {}): Promise<Response> {
  const response = await send(address, init);
  if (response.ok) return response;
  if (response.status === 401 && (await signInAgain())) {
    const second = await send(address, init);
    if (second.ok) return second;
    throw await failureOf(second);
  }
  throw await failureOf(response);
}

/** As `request`, but a 401 is the caller's to handle: at the door itself nobody is asked to sign in. */
async function knock(address: string, init: RequestInit): Promise<Response> {
  const response = await send(address, init);
  if (!response.ok) throw await failureOf(response);
  return response;
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    throw noConnection();
  }
}

function change(method: "POST" | "PUT" | "DELETE", body?: unknown, signal?: AbortSignal): RequestInit {
  const headers: Record<string, string> = { "X-Lightbox": "1" };
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  if (signal) init.signal = signal;
  return init;
}

const reading = (signal?: AbortSignal): RequestInit => (signal ? { signal } : {});

async function json<T>(response: Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}

export const api = {
  site: () => json<Site>(knock(`${BASE}/site`, {})),
  signIn: (username: string, password: string) =>
    json<Session>(knock(`${BASE}/session`, change("POST", { username, password }))),
  signOut: async () => void (await knock(`${BASE}/session`, change("DELETE"))),

  searchStudies: (search: Search, signal?: AbortSignal) =>
    json<SearchResult>(request(`${BASE}/studies/search`, change("POST", search, signal))),
  openStudy: (uid: string, reason?: string, signal?: AbortSignal) =>
    json<StudyDetail>(
      request(`${BASE}/studies/${segment(uid)}/open`, change("POST", reason ? { reason } : {}, signal)),
    ),
  study: (uid: string, signal?: AbortSignal) =>
    json<StudyDetail>(request(`${BASE}/studies/${segment(uid)}`, reading(signal))),
  report: (uid: string, signal?: AbortSignal) =>
    json<Report>(request(`${BASE}/studies/${segment(uid)}/report`, reading(signal))),
  measurements: (uid: string) =>
    json<{ version: number; measurements: Drawn[] }>(request(`${BASE}/studies/${segment(uid)}/measurements`)),
  /** Keeps a person's measurements in the place of that version's, also while the page goes away. */
  keepMeasurements: (uid: string, version: number, measurements: Drawn[]) => {
    const init = change("PUT", { version, measurements });
    // Browsers send no more than 64 KB for a page that is gone.
    const keepalive = String(init.body).length < 60_000;
    return json<{ version: number }>(
      request(`${BASE}/studies/${segment(uid)}/measurements`, { ...init, keepalive }),
    );
  },
  /** Exact stored values; the body and its X-Plane header are for viewer/plane.ts to read. */
  plane: (studyUid: string, seriesUid: string, n: number, reduce: 1 | 2, signal?: AbortSignal) =>
    request(
      `${BASE}/studies/${segment(studyUid)}/series/${segment(seriesUid)}/planes/${n}?reduce=${reduce}`,
      reading(signal),
    ),
  /** A picture at an address made with `tileAddress`. */
  picture: async (address: string, signal?: AbortSignal) => (await request(address, reading(signal))).blob(),

  previews: (studyUid: string, seriesUid: string, from: number, signal: AbortSignal) =>
    request(`${BASE}/studies/${segment(studyUid)}/series/${segment(seriesUid)}/previews?from=${from}`, {
      signal,
    }),
  createShare: (wish: NewShare) => json<CreatedShare>(request(`${BASE}/shares`, change("POST", wish))),
  shares: async (studyUid?: string, signal?: AbortSignal) => {
    const query = studyUid ? `?study=${segment(studyUid)}` : "";
    return (await json<{ shares: Share[] }>(request(`${BASE}/shares${query}`, reading(signal)))).shares;
  },
  revokeShare: async (id: string) => void (await request(`${BASE}/shares/${segment(id)}`, change("DELETE"))),
  previewShare: (id: string, secret: string) =>
    json<SharePreview>(knock(`${BASE}/shares/${segment(id)}/preview`, change("POST", { secret }))),
  redeemShare: (id: string, secret: string, passphrase?: string) =>
    json<Session>(
      knock(
        `${BASE}/shares/${segment(id)}/session`,
        change("POST", passphrase ? { secret, passphrase } : { secret }),
      ),
    ),
};

/** A picture's address out of a series' template: `rendition` such as `p256` or `v1024-c40-w400`, `n` from 1. */
export function tileAddress(template: string, rendition: string, n: number): string {
  return template.replace("{rendition}", rendition).replace("{n}", String(n));
}
