import { count, timeOfDay } from "../moment";
import * as worklist from "../worklist";

/** The line above the rows: when they were last looked through, and in its place what has arrived since. */
export function Arrivals() {
  const amount = worklist.arrivals.value;
  return (
    <div class={amount ? "arrivals waiting" : "arrivals"}>
      {amount ? (
        <button type="button" class="button quiet" onClick={showThem}>
          {count(amount, "new study", "new studies")}
        </button>
      ) : (
        <Updated />
      )}
      <span class="said" role="status">
        {amount ? `${count(amount, "new study", "new studies")} above the list` : ""}
      </span>
    </div>
  );
}

function Updated() {
  const at = worklist.updatedAt.value;
  if (!at) return null;
  return (
    <span class={worklist.isStale.value ? "stale" : undefined}>
      {worklist.isStale.value ? `Not updated since ${timeOfDay(at)}` : `Updated ${timeOfDay(at)}`}
    </span>
  );
}

function showThem(tap: MouseEvent): void {
  const list = (tap.currentTarget as Element).closest(".worklist");
  worklist.showArrivals();
  // The window on a phone, the column beside a picture.
  scrollTo(0, 0);
  list?.parentElement?.scrollTo(0, 0);
  requestAnimationFrame(() => list?.querySelector<HTMLElement>("a.row")?.focus({ preventScroll: true }));
}
