import type { Problem } from "./types";

/** What went wrong with a request, as a sentence to show; `kind` is the problem's slug, `network` without an answer. */
export class RequestFailed extends Error {
  constructor(
    readonly kind: string,
    readonly status: number,
    readonly title: string,
    detail: string,
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
    this.name = "RequestFailed";
  }
}

export const noConnection = () =>
  new RequestFailed(
    "network",
    0,
    "No connection",
    "Lightbox cannot be reached. What is on the screen stays; try again when the connection is back.",
  );

const SENTENCES: Record<number, [title: string, detail: string]> = {
  401: ["Sign in first", "The session has ended. Sign in to go on."],
  403: ["Not open to you", "This is not open to you."],
  404: ["Not found", "There is nothing at this address."],
  410: ["No longer available", "This is no longer available."],
  413: ["Too large", "The request is too large."],
  422: ["Cannot be shown", "This object cannot be shown."],
  429: ["Too many tries", "Too many requests in a short time."],
  502: ["Lightbox is away", "The gateway does not answer. Try again in a moment."],
  503: ["Busy", "The gateway is busy. Try again in a moment."],
};

/** The failure that a refused response tells, whether its body is a problem or not. */
export async function failureOf(response: Response): Promise<RequestFailed> {
  const fallback = SENTENCES[response.status] ?? [
    "Something went wrong",
    "The request failed. Nothing was lost; try again.",
  ];
  const problem = await problemIn(response);
  return new RequestFailed(
    problem?.type?.split("/").pop() || `http-${response.status}`,
    response.status,
    problem?.title || fallback[0],
    problem?.detail || fallback[1],
    secondsOf(response.headers.get("Retry-After")),
  );
}

async function problemIn(response: Response): Promise<Partial<Problem> | null> {
  if (!response.headers.get("Content-Type")?.includes("json")) return null;
  try {
    return (await response.json()) as Partial<Problem>;
  } catch {
    return null;
  }
}

/** Seconds to wait out of a Retry-After header, which holds seconds or a date. */
export function secondsOf(header: string | null, now = Date.now()): number | null {
  if (!header) return null;
  if (/^\d+$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

/** Any thrown thing as a failure to show. */
export function asFailure(thrown: unknown): RequestFailed {
  if (thrown instanceof RequestFailed) return thrown;
  return new RequestFailed(
    "unexpected",
    0,
    "Something went wrong",
    "The app failed at this. Nothing was lost; try again.",
  );
}

export const isAbort = (thrown: unknown) => thrown instanceof DOMException && thrown.name === "AbortError";
