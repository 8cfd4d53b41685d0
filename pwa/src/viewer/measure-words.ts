import { type Drawn, isRegion, isWhole, type Place } from "./measure";
import { angle, area, cobb, length, type Scale } from "./measure-geometry";
import type { Statistics } from "./measure-statistics";

/** Why a region's values are not there: on their way, not to be had now, or none in this picture. */
export type NoValues = "waiting" | "away" | "none";

/** What is written beside a drawing, line by line. */
export function wordsOf(drawn: Drawn, scale: Scale, values: Statistics | NoValues | null): string[] {
  if (drawn.kind === "arrow") return drawn.text ? [drawn.text] : [];
  if (isRegion(drawn.kind)) return regionWords(drawn, scale, values);
  return [drawn.kind === "length" ? lengthWords(drawn.points, scale) : angleWords(drawn, scale)].filter(
    Boolean,
  );
}

function lengthWords([from, to]: Place[], scale: Scale): string {
  return from && to ? `${sized(length(from, to, scale))} ${unitWords(scale)}` : "";
}

function angleWords({ kind, points }: Drawn, scale: Scale): string {
  if (!isWhole({ kind, points })) return "";
  if (kind === "cobb") return `Cobb ${figure(cobb(points as [Place, Place, Place, Place], scale))}°`;
  return `${figure(angle(...(points as [Place, Place, Place]), scale))}°`;
}

function regionWords({ kind, points }: Drawn, scale: Scale, values: Statistics | NoValues | null): string[] {
  const [one, other] = points;
  if (!one || !other) return [];
  const size = area(kind, one, other, scale);
  const isLarge = scale.unit === "mm" && size >= 1000;
  const words = isLarge ? `${figure(size / 100)} cm²` : `${sized(size)} ${scale.unit}²`;
  return [...valueWords(values), `Area ${words}${scale.source === "imager" ? " at detector" : ""}`];
}

function valueWords(values: Statistics | NoValues | null): string[] {
  if (values === null) return ["No pixel inside"];
  if (values === "waiting") return ["Values: waiting"];
  if (values === "away") return ["Values cannot be had now"];
  if (values === "none") return [];
  const unit = values.unit ? ` ${values.unit}` : "";
  return [
    ...(values.isExact ? [] : ["Approximate"]),
    `Mean ${figure(values.mean)}${unit}`,
    `SD ${figure(values.deviation)}`,
    `Min ${whole(values.least)} Max ${whole(values.most)}`,
  ];
}

const unitWords = ({ unit, source }: Scale) =>
  source === "imager" ? "mm at detector" : unit === "mm" ? "mm" : "px, not calibrated";

/** Where millimetres come from, or that there are none. */
export function calibrationWords({ source }: Scale): string {
  // Imager Pixel Spacing holds at the detector, not in the patient (PS3.3 C.8.11.4).
  if (source === "imager") return "mm at detector: Imager Pixel Spacing";
  return source === "pixel" ? "mm: Pixel Spacing" : "Not calibrated: pixels";
}

/** One decimal; what is too small for that, on slides, with two figures. */
const sized = (value: number) =>
  value > 0 && value < 0.1 ? String(Number(value.toPrecision(2))) : figure(value);

/** One decimal, with a minus sign that is one. */
export const figure = (value: number) => minus(value.toFixed(1));

/** A value as it is stored where it is whole, else with two decimals. */
export const whole = (value: number) => minus(String(Number(value.toFixed(2))));

const minus = (text: string) => text.replace("-", "−").replace(/^−(0(?:\.0)?)$/, "$1");
