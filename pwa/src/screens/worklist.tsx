import { untracked, useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { count } from "../moment";
import { beginRefreshing } from "../refreshing";
import { route } from "../router";
import { type Filters, filtersIn, searchInWords } from "../search";
import { session } from "../session";
import { Failure } from "../ui/failure";
import { useKeptScroll } from "../ui/kept-scroll";
import { Waiting } from "../ui/waiting";
import * as worklist from "../worklist";
import { Arrivals } from "./arrivals";
import { SearchBar } from "./search-bar";
import { StudyRow } from "./study-row";
import "../styles/worklist.css";

/** All studies that match, urgent ones first; `current` is the one that stands open beside the list. */
export function Worklist({ current }: { current?: string }) {
  // Beside an open study the address is the study's: the filters stay as they were.
  const filters = useComputed(() => {
    const here = route.value;
    return here.screen === "worklist" ? filtersIn(here.query) : worklist.lastFilters.peek();
  });
  const asked = useComputed(() => JSON.stringify(filters.value));
  useSignalEffect(() => {
    asked.value;
    untracked(() => {
      worklist.lastFilters.value = filters.value;
      void worklist.show(filters.value);
    });
  });
  useEffect(() => beginRefreshing(() => void worklist.refresh()), []);
  useKeptScroll(worklist.studies.value !== null);

  const inWords = searchInWords(worklist.words.value, filters.value);
  return (
    <div class="worklist">
      <header class="bar">
        <h1>Studies</h1>
        <span class="soft small">{session.value?.user.display_name}</span>
      </header>
      <SearchBar filters={filters.value} isBeside={current !== undefined} />
      <ArchiveStates />
      <p class="said" aria-live="polite">
        {worklist.studies.value && !worklist.isLoading.value && listed(worklist.studies.value.length)}
      </p>
      {worklist.failure.value && (
        <Failure failure={worklist.failure.value} retry={() => void worklist.search(filters.value)} />
      )}
      <Arrivals />
      <Rows current={current} filters={filters.value} inWords={inWords} />
    </div>
  );
}

const listed = (amount: number) => `${count(amount, "study", "studies")} listed`;

interface RowsProps {
  current: string | undefined;
  filters: Filters;
  inWords: string;
}

function Rows({ current, filters, inWords }: RowsProps) {
  const studies = worklist.studies.value;
  if (!studies) return worklist.failure.value ? null : <Skeleton />;
  if (!studies.length)
    return worklist.failure.value ? null : <NothingFound filters={filters} inWords={inWords} />;
  return (
    <>
      <ul class="rows" aria-busy={worklist.isLoading.value}>
        {studies.map((study) => (
          <li key={study.study_instance_uid}>
            <StudyRow study={study} isCurrent={study.study_instance_uid === current} />
          </li>
        ))}
      </ul>
      {worklist.hasMore.value && <More />}
    </>
  );
}

/** Fetches the next studies when it comes near, and on a tap. */
function More() {
  const place = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const watch = new IntersectionObserver(
      (seen) => seen.some((each) => each.isIntersecting) && void worklist.loadMore(),
      { rootMargin: "600px" },
    );
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  return (
    <button ref={place} type="button" class="button quiet more" onClick={() => void worklist.loadMore()}>
      Show more
    </button>
  );
}

function ArchiveStates() {
  const notReady = worklist.archives.value.filter((archive) => archive.state !== "ready");
  if (!notReady.length) return null;
  return (
    <ul class="archive-states" role="status">
      {notReady.map((archive) => (
        <li key={archive.name} class={archive.state}>
          <strong>{archive.name}</strong> {archive.detail || archive.state}
        </li>
      ))}
    </ul>
  );
}

const NOTHING: Partial<Record<Filters["range"], [title: string, sentence: string]>> = {
  urgent: ["Nothing urgent", "No study of today or yesterday was requested as urgent or looks it."],
  new: ["Nothing new", "No study has come that you have not had on your list."],
  recent: ["Nothing opened", "Studies that you open stay here for 7 days."],
};

function NothingFound({ filters, inWords }: { filters: Filters; inWords: string }) {
  const names = worklist.archives.value.map((archive) => archive.name).join(", ");
  const isNarrowed = worklist.words.value.trim() !== "" || filters.modalities.length > 0;
  const nothing = NOTHING[filters.range];
  if (nothing && !isNarrowed) {
    return (
      <section class="notice">
        <h2>{nothing[0]}</h2>
        <p class="soft">{nothing[1]}</p>
      </section>
    );
  }
  if (inWords) {
    return (
      <section class="notice">
        <h2>No study matches</h2>
        <p class="soft">
          Searched for {inWords} in {names || "all archives"}. Every word begins a name, the patient’s number
          or the accession number.
        </p>
      </section>
    );
  }
  return (
    <section class="notice">
      <h2>No studies yet</h2>
      <p class="soft">
        {names ? `${names} holds no study so far.` : "No archive is connected."} Whoever runs Lightbox points
        it at one with a line of configuration:
      </p>
      <pre>LIGHTBOX_ARCHIVES='["folder:/srv/dicom"]'</pre>
    </section>
  );
}

function Skeleton() {
  return (
    <Waiting>
      <ul class="rows" aria-hidden="true">
        {Array.from({ length: 8 }, (_, at) => (
          <li key={at} class="row">
            <span class="skeleton tag" />
            <span class="skeleton line wide" />
            <span class="skeleton line" />
          </li>
        ))}
      </ul>
    </Waiting>
  );
}
