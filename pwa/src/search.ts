import { dayOf, daysBefore } from "./moment";
import type { Search } from "./types";

export type Range = "urgent" | "new" | "today" | "all" | "recent" | "week" | "dates";

/** What the worklist is filtered by; an empty `modalities` means all of them. */
export interface Filters {
  range: Range;
  from: string;
  to: string;
  modalities: string[];
}

export const MODALITIES = ["CT", "MR", "CR", "DX", "US", "MG", "XA", "PT", "NM", "SR"];
export const noFilters: Filters = { range: "all", from: "", to: "", modalities: [] };
export const PAGE = 50;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const RANGES: readonly string[] = ["urgent", "new", "today", "all", "recent", "week", "dates"];

/** The filters an address tells; whatever cannot be read is left out. */
export function filtersIn(query: URLSearchParams): Filters {
  const range = query.get("range") ?? "all";
  const day = (name: string) => (DAY.test(query.get(name) ?? "") ? (query.get(name) ?? "") : "");
  return {
    range: RANGES.includes(range) ? (range as Range) : "all",
    from: day("from"),
    to: day("to"),
    modalities: (query.get("modality") ?? "").split(",").filter((each) => /^[A-Z]{2,4}$/.test(each)),
  };
}

/** The worklist's address with these filters. What was typed is never in it: it may be a patient's name. */
export function addressOf(filters: Filters): string {
  const query = new URLSearchParams();
  if (filters.range !== "all") query.set("range", filters.range);
  if (filters.range === "dates" && filters.from) query.set("from", filters.from);
  if (filters.range === "dates" && filters.to) query.set("to", filters.to);
  const modality = filters.modalities.join(",");
  const text = [query.toString(), modality && `modality=${modality}`].filter(Boolean).join("&");
  return text ? `/?${text}` : "/";
}

/** The search to send: `words` and filters, from the `offset`-th study on. */
export function searchFor(words: string, filters: Filters, offset: number, today = new Date()): Search {
  const search: Search = { limit: PAGE, offset };
  if (words.trim()) search.words = words.trim();
  if (filters.modalities.length) search.modalities = filters.modalities;
  if (filters.range === "urgent" || filters.range === "new" || filters.range === "recent") {
    search.show = filters.range;
  }
  if (filters.range === "today") search.date_from = dayOf(today);
  if (filters.range === "week") search.date_from = daysBefore(today, 6);
  if (filters.range === "dates" && filters.from) search.date_from = filters.from;
  if (filters.range === "dates" && filters.to) search.date_to = filters.to;
  return search;
}

const RANGE_WORDS: Record<Range, string> = {
  urgent: "urgent today or yesterday",
  new: "new to you",
  today: "today",
  all: "",
  recent: "opened by you in the last 7 days",
  week: "the last 7 days",
  dates: "",
};

/** What was searched, in words, for the screen that found nothing. */
export function searchInWords(words: string, filters: Filters): string {
  const parts = [
    words.trim() && `“${words.trim()}”`,
    filters.modalities.join(" or "),
    RANGE_WORDS[filters.range],
  ];
  if (filters.range === "dates") {
    if (filters.from) parts.push(`from ${filters.from}`);
    if (filters.to) parts.push(`to ${filters.to}`);
  }
  return parts.filter(Boolean).join(", ");
}

export const isFiltered = (words: string, filters: Filters) => searchInWords(words, filters) !== "";
