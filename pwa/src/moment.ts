/** Dates and times in one unambiguous form: 2026-11-24, 02:41. */

const two = (value: number) => String(value).padStart(2, "0");

/** The local calendar day of a moment, `YYYY-MM-DD`. */
export function dayOf(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** The day so many days before `today`. */
export function daysBefore(today: Date, days: number): string {
  return dayOf(new Date(today.getFullYear(), today.getMonth(), today.getDate() - days));
}

/** A study's date and time as a row shows it: "Today 02:41", else "2026-11-24 02:41". */
export function studyMoment(date: string | null, time: string | null, now = new Date()): string {
  if (!date) return "No date";
  const day = date === dayOf(now) ? "Today" : date;
  return time ? `${day} ${time.slice(0, 5)}` : day;
}

/** An instant of the server's clock in local time: "2026-11-24, 02:41". */
export function localMoment(iso: string | null): string {
  if (!iso) return "";
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  return `${dayOf(moment)}, ${timeOfDay(moment)}`;
}

/** The local time of a moment: "02:41". */
export const timeOfDay = (moment: Date) => `${two(moment.getHours())}:${two(moment.getMinutes())}`;

/** How long until an instant, in words: "6 days", "3 hours", "5 minutes", "over". */
export function timeUntil(iso: string, now = Date.now()): string {
  const minutes = Math.floor((Date.parse(iso) - now) / 60_000);
  if (Number.isNaN(minutes) || minutes < 0) return "over";
  if (minutes < 60) return count(Math.max(1, minutes), "minute");
  if (minutes < 48 * 60) return count(Math.round(minutes / 60), "hour");
  return count(Math.round(minutes / 1440), "day");
}

/** "1 image", "299 images", "1,200 images". */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? noun : plural}`;
}
