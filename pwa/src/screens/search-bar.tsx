import { useEffect, useRef, useState } from "preact/hooks";
import { go } from "../router";
import { addressOf, type Filters, MODALITIES, type Range } from "../search";
import { Icon } from "../ui/icon";
import * as worklist from "../worklist";

const RANGES: [Range, string][] = [
  ["urgent", "STAT"],
  ["new", "New"],
  ["today", "Today"],
  ["all", "All"],
  ["recent", "Recent"],
  ["week", "7 days"],
  ["dates", "Dates"],
];

interface SearchBarProps {
  filters: Filters;
  /** Beside an open study there is room for the words alone. */
  isBeside: boolean;
}

/** One field for words, and the filters below it. */
export function SearchBar({ filters, isBeside }: SearchBarProps) {
  const [typed, setTyped] = useState(worklist.words.value);
  const isFirst = useRef(true);
  const searchNow = () => {
    worklist.words.value = typed;
    void worklist.search(filters);
  };
  // Only what is typed starts the wait; filters search at once.
  useEffect(() => {
    if (isFirst.current || typed === worklist.words.value) {
      isFirst.current = false;
      return;
    }
    const timer = setTimeout(searchNow, 250);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <search class="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          searchNow();
          (document.activeElement as HTMLElement | null)?.blur();
        }}
      >
        <label class="words">
          <Icon name="search" />
          <span class="said">Search by name, patient number or accession number</span>
          <input
            type="search"
            enterkeyhint="search"
            placeholder="Name, number, accession"
            autocomplete="off"
            autocapitalize="none"
            autocorrect="off"
            spellcheck={false}
            maxLength={120}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
      </form>
      {!isBeside && <FilterChips filters={filters} />}
    </search>
  );
}

function FilterChips({ filters }: { filters: Filters }) {
  const filter = (next: Partial<Filters>) => go(addressOf({ ...filters, ...next }), { replace: true });
  return (
    <>
      <fieldset class="chip-line" aria-label="Show">
        {RANGES.map(([range, label]) => (
          <Chip
            key={range}
            label={label}
            amount={amountOf(range)}
            isOn={filters.range === range}
            onTap={() => filter({ range })}
          />
        ))}
      </fieldset>
      {filters.range === "dates" && <Dates filters={filters} filter={filter} />}
      <fieldset class="chip-line" aria-label="Modality">
        {MODALITIES.map((modality) => (
          <Chip
            key={modality}
            label={modality}
            isOn={filters.modalities.includes(modality)}
            onTap={() => filter({ modalities: toggled(filters.modalities, modality) })}
          />
        ))}
      </fieldset>
    </>
  );
}

interface ChipProps {
  label: string;
  /** How many studies it would show; undefined where nobody counts them. */
  amount?: number | undefined;
  isOn: boolean;
  onTap: () => void;
}

function Chip({ label, amount, isOn, onTap }: ChipProps) {
  const isCounted = amount !== undefined;
  return (
    <button type="button" class={isCounted ? "chip counted" : "chip"} aria-pressed={isOn} onClick={onTap}>
      {amount ? `${label} (${amount})` : label}
    </button>
  );
}

function Dates({ filters, filter }: { filters: Filters; filter: (next: Partial<Filters>) => void }) {
  return (
    <div class="dates">
      <label class="field">
        <span>From</span>
        <input
          type="date"
          value={filters.from}
          onChange={(event) => filter({ from: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>To</span>
        <input
          type="date"
          value={filters.to}
          onChange={(event) => filter({ to: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}

function amountOf(range: Range): number | undefined {
  if (range === "urgent") return worklist.urgentCount.value;
  return range === "new" ? worklist.newCount.value : undefined;
}

const toggled = (all: string[], one: string) =>
  all.includes(one) ? all.filter((each) => each !== one) : [...all, one];
