import { signal } from "@preact/signals";
import { api } from "./api";
import { asFailure, isAbort, type RequestFailed } from "./problem";
import { type Filters, noFilters, PAGE, searchFor } from "./search";
import type { ArchiveState, SearchResult, StudySummary } from "./types";

/** The worklist as it stands, kept while the app is open so that going back finds it as it was left. */
export const words = signal("");
export const lastFilters = signal<Filters>(noFilters);
export const studies = signal<StudySummary[] | null>(null);
export const hasMore = signal(false);
export const archives = signal<ArchiveState[]>([]);
export const urgentCount = signal(0);
export const newCount = signal(0);
export const isLoading = signal(false);
export const failure = signal<RequestFailed | null>(null);
/** When the list was last as the archive has it, and whether asking again has failed since. */
export const updatedAt = signal<Date | null>(null);
export const isStale = signal(false);
/** How many studies wait above the list until they are asked for. */
export const arrivals = signal(0);

const MOST_REFRESHED = 200;
let asking: AbortController | null = null;
let asked: Filters = noFilters;
let answered = "";
let waiting: SearchResult | null = null;

/** Searches anew; what is shown stays until the answer is there. */
export const search = (filters: Filters) => ask(filters, 0);

/** Searches, where this is not what the list shows already: that is only looked through for what is new. */
export function show(filters: Filters): Promise<void> {
  const isAnswered = studies.value !== null && !isLoading.value && !failure.value;
  const isShown = isAnswered && filters.range !== "recent";
  return isShown && questionOf(filters) === answered ? refresh() : search(filters);
}

/** Adds the next studies to the list. */
export async function loadMore(): Promise<void> {
  if (!isLoading.value && hasMore.value) await ask(asked, studies.value?.length ?? 0);
}

/** Looks for what has changed: rows are told anew in their places, and new ones wait. */
export async function refresh(): Promise<void> {
  const listed = studies.value;
  if (!listed || isLoading.value || questionOf(asked) !== answered) return;
  const question = answered;
  const isStillAsked = () => question === answered && question === questionOf(asked) && !isLoading.value;
  try {
    const limit = Math.min(MOST_REFRESHED, Math.max(PAGE, listed.length));
    const result = await api.searchStudies({ ...searchFor(words.value, asked, 0), limit });
    if (isStillAsked()) takeRefreshed(result);
  } catch {
    if (isStillAsked()) isStale.value = true;
  }
}

/** Puts the studies that wait on top of the list. */
export function showArrivals(): void {
  if (waiting) take(waiting, waiting.studies);
}

async function ask(filters: Filters, offset: number): Promise<void> {
  asking?.abort();
  asking = new AbortController();
  const mine = asking;
  asked = filters;
  isLoading.value = true;
  failure.value = null;
  try {
    const question = questionOf(filters);
    const result = await api.searchStudies(searchFor(words.value, filters, offset), mine.signal);
    if (mine.signal.aborted) return;
    answered = question;
    if (offset) {
      studies.value = joined(studies.value ?? [], result.studies);
      hasMore.value = result.more;
    } else take(result, result.studies);
  } catch (thrown) {
    if (isAbort(thrown) || mine.signal.aborted) return;
    failure.value = asFailure(thrown);
  } finally {
    if (asking === mine) isLoading.value = false;
  }
}

function takeRefreshed(result: SearchResult): void {
  const listed = studies.value ?? [];
  const amount = arrived(listed, result.studies).length;
  // Where nothing is listed, nothing can move under a thumb.
  if (!amount || !listed.length) {
    const more = hasMore.value;
    take(result, listed.length ? retold(listed, result.studies) : result.studies);
    if (listed.length) hasMore.value = more;
    return;
  }
  studies.value = retold(listed, result.studies);
  tell(result);
  waiting = result;
  arrivals.value = amount;
}

function take(result: SearchResult, shown: StudySummary[]): void {
  waiting = null;
  arrivals.value = 0;
  studies.value = shown;
  hasMore.value = result.more;
  tell(result);
}

function tell(result: SearchResult): void {
  archives.value = result.archives;
  urgentCount.value = result.urgent_count;
  newCount.value = result.new_count;
  updatedAt.value = new Date();
  isStale.value = false;
}

const questionOf = (filters: Filters) => JSON.stringify([words.value.trim(), filters]);

/** A study that arrived meanwhile shifts the pages: nothing is listed twice. */
export function joined(before: StudySummary[], next: StudySummary[]): StudySummary[] {
  return [...before, ...arrived(before, next)];
}

/** The studies that were not listed before. */
export function arrived(before: StudySummary[], now: StudySummary[]): StudySummary[] {
  const known = new Set(before.map((study) => study.study_instance_uid));
  return now.filter((study) => !known.has(study.study_instance_uid));
}

/** The same studies in the same order, each as it is now. */
export function retold(before: StudySummary[], now: StudySummary[]): StudySummary[] {
  const current = new Map(now.map((study) => [study.study_instance_uid, study]));
  return before.map((study) => current.get(study.study_instance_uid) ?? study);
}
