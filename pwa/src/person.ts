/** A DICOM person name as people read it (PS3.5 6.2.1.1): the first group, and the others beside it. */
export interface ReadableName {
  name: string;
  beside: string[];
}

const IDEOGRAPHIC = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const LATIN = /^[\p{Script=Latin}\p{Script=Common}\p{Mark}]+$/u;

/** `Yamada^Tarou=山田^太郎` as "YAMADA, Tarou" beside "山田 太郎"; "No name" where there is none. */
export function readableName(personName: string): ReadableName {
  const groups = personName.split("=").map(readableGroup).filter(Boolean);
  const [name = "No name", ...others] = groups;
  return { name, beside: others.filter((other, at) => other !== name && others.indexOf(other) === at) };
}

/** All groups in one line, for titles and labels. */
export function nameInOneLine(personName: string): string {
  const { name, beside } = readableName(personName);
  return [name, ...beside].join(" · ");
}

function readableGroup(group: string): string {
  const [family = "", given = "", middle = "", prefix = "", suffix = ""] = group
    .split("^")
    .map((component) => component.trim());
  if (IDEOGRAPHIC.test(group)) return words(family, given, middle);
  const surname = LATIN.test(family) ? family.toLocaleUpperCase("en") : family;
  const called = [surname, words(given, middle), suffix].filter(Boolean).join(", ");
  return words(called, prefix && `(${prefix})`);
}

const words = (...each: string[]) => each.filter(Boolean).join(" ");

const AGE_UNITS: Record<string, string> = { Y: "y", M: "mo", W: "wk", D: "d" };

/** `042Y` as "42 y"; empty where it is no age string (PS3.5 6.2, AS). */
export function readableAge(age: string): string {
  const parts = /^(\d{3})([DWMY])$/.exec(age.trim());
  return parts ? `${Number(parts[1])} ${AGE_UNITS[parts[2] ?? ""]}` : "";
}

/** Patient's Sex (0010,0040) as it is said: F, M, or "other". */
export function readableSex(sex: string): string {
  return sex.trim().toUpperCase() === "O" ? "other" : sex.trim().toUpperCase();
}
