import { signal } from "@preact/signals";
import { api } from "./api";
import { asFailure, isAbort, type RequestFailed } from "./problem";
import { type Filters, noFilters, searchFor } from "./search";
import type { ArchiveState, StudySummary } from "./types";

/** The worklist as it stands, kept while the app is open so that going back finds it as it was left. */
export const words = signal("");
export const studies = signal<StudySummary[] | null>(null);
export const hasMore = signal(false);
export const archives = signal<ArchiveState[]>([]);
export const isLoading = signal(false);
export const failure = signal<RequestFailed | null>(null);

let asking: AbortController | null = null;
let asked: Filters = noFilters;

/** Searches anew; what is shown stays until the answer is there. */
export const search = (filters: Filters) => ask(filters, 0);

/** Adds the next studies to the list. */
export async function loadMore(): Promise<void> {
  if (!isLoading.value && hasMore.value) await ask(asked, studies.value?.length ?? 0);
}

async function ask(filters: Filters, offset: number): Promise<void> {
  asking?.abort();
  asking = new AbortController();
  const mine = asking;
  asked = filters;
  isLoading.value = true;
  failure.value = null;
  try {
    const result = await api.searchStudies(searchFor(words.value, filters, offset), mine.signal);
    if (mine.signal.aborted) return;
    studies.value = offset ? joined(studies.value ?? [], result.studies) : result.studies;
    hasMore.value = result.more;
    archives.value = result.archives;
  } catch (thrown) {
    if (isAbort(thrown) || mine.signal.aborted) return;
    failure.value = asFailure(thrown);
  } finally {
    if (asking === mine) isLoading.value = false;
  }
}

/** A study that arrived meanwhile shifts the pages: nothing is listed twice. */
export function joined(before: StudySummary[], next: StudySummary[]): StudySummary[] {
  const known = new Set(before.map((study) => study.study_instance_uid));
  return [...before, ...next.filter((study) => !known.has(study.study_instance_uid))];
}
