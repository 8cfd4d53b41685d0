import { describe, expect, it } from "vitest";
import { addressOf, type Filters, filtersIn, noFilters, searchFor, searchInWords } from "./search";

const today = new Date(2026, 10, 24);
const query = (address: string) => new URL(address, "http://lightbox.test").searchParams;

describe("filters in the address", () => {
  it("come back as they were put there", () => {
    const filters: Filters = {
      range: "dates",
      from: "2026-01-01",
      to: "2026-02-01",
      modalities: ["CT", "MR"],
    };
    expect(addressOf(filters)).toBe("/?range=dates&from=2026-01-01&to=2026-02-01&modality=CT,MR");
    expect(filtersIn(query(addressOf(filters)))).toEqual(filters);
    expect(addressOf(noFilters)).toBe("/");
    expect(filtersIn(query("/"))).toEqual(noFilters);
  });

  it("ignore what cannot be read", () => {
    expect(filtersIn(query("/?range=never&from=yesterday&modality=CT,<b>,mr"))).toEqual({
      ...noFilters,
      modalities: ["CT"],
    });
  });

  it("leave days out that the chosen range does not use", () => {
    expect(addressOf({ range: "today", from: "2026-01-01", to: "", modalities: [] })).toBe("/?range=today");
  });
});

describe("the search that is sent", () => {
  it("holds only what was asked for", () => {
    expect(searchFor("  ", noFilters, 0, today)).toEqual({ limit: 50, offset: 0 });
  });

  it("turns ranges into days", () => {
    expect(searchFor("doe", { ...noFilters, range: "today" }, 0, today)).toEqual({
      limit: 50,
      offset: 0,
      words: "doe",
      date_from: "2026-11-24",
    });
    expect(searchFor("", { ...noFilters, range: "week" }, 50, today)).toEqual({
      limit: 50,
      offset: 50,
      date_from: "2026-11-18",
    });
  });

  it("asks for what is urgent, new or recent by its name", () => {
    const search = searchFor("", { ...noFilters, range: "new" }, 0, today);
    expect(search).toEqual({ limit: 50, offset: 0, show: "new" });
    expect(addressOf({ ...noFilters, range: "urgent" })).toBe("/?range=urgent");
  });

  it("sends an open-ended range as such", () => {
    const search = searchFor("", { ...noFilters, range: "dates", to: "2026-02-01" }, 0, today);
    expect(search.date_to).toBe("2026-02-01");
    expect("date_from" in search).toBe(false);
  });
});

it("says in words what was searched", () => {
  expect(searchInWords("doe", { range: "week", from: "", to: "", modalities: ["CT", "MR"] })).toBe(
    "“doe”, CT or MR, the last 7 days",
  );
  expect(searchInWords("", noFilters)).toBe("");
});
