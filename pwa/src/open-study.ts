import { signal } from "@preact/signals";
import { api } from "./api";
import { serverOpened } from "./first";
import { asFailure, isAbort, RequestFailed } from "./problem";
import type { Report, StudyDetail } from "./types";

/** The one study that is open, and how far its opening got. */
export interface Opening {
  uid: string;
  detail: StudyDetail | null;
  failure: RequestFailed | null;
  /** undefined until known, null where the study has none. */
  report: Report | null | undefined;
  reportFailure: RequestFailed | null;
}

export const opening = signal<Opening | null>(null);

let asking: AbortController | null = null;

/** Opens a study, unless it is open already, and fetches its report. */
export async function openStudy(uid: string, reason?: string): Promise<void> {
  const before = opening.value;
  if (before?.uid === uid && (before.detail || !before.failure) && !reason) return;
  asking?.abort();
  asking = new AbortController();
  const { signal: mine } = asking;
  opening.value = { uid, detail: null, failure: null, report: undefined, reportFailure: null };
  try {
    const detail = await openedByServerOrUs(uid, reason, mine);
    if (mine.aborted) return;
    change(uid, detail.study.has_report ? { detail } : { detail, report: null });
    if (!detail.study.has_report) return;
  } catch (thrown) {
    if (!isAbort(thrown) && !mine.aborted) change(uid, { failure: asFailure(thrown) });
    return;
  }
  await fetchReport(uid, mine);
}

/** Asks for the open study's report again. */
export async function retryReport(): Promise<void> {
  if (!opening.value || !asking) return;
  change(opening.value.uid, { report: undefined, reportFailure: null });
  await fetchReport(opening.value.uid, asking.signal);
}

async function openedByServerOrUs(uid: string, reason: string | undefined, mine: AbortSignal) {
  // The page itself may have been the opening: one opening, one record.
  if (serverOpened() && !reason) {
    try {
      return await api.study(uid, mine);
    } catch (thrown) {
      if (!(thrown instanceof RequestFailed) || thrown.kind !== "not-opened") throw thrown;
    }
  }
  return api.openStudy(uid, reason, mine);
}

async function fetchReport(uid: string, mine: AbortSignal): Promise<void> {
  try {
    change(uid, { report: await api.report(uid, mine) });
  } catch (thrown) {
    if (isAbort(thrown)) return;
    const failure = asFailure(thrown);
    // 403: a share without its report. To its guest there is none.
    if (failure.status === 404 || failure.status === 403) change(uid, { report: null });
    else change(uid, { reportFailure: failure });
  }
}

function change(uid: string, news: Partial<Opening>): void {
  if (opening.value?.uid === uid) opening.value = { ...opening.value, ...news };
}
