import type { StudySummary } from "./types";

const NOT_PICTURES = ["SR", "KO", "PR", "DOC"];

/** The modalities of a study's pictures; those of its documents where it has no picture. */
export function pictureModalities(study: StudySummary): string[] {
  const pictures = study.modalities.filter((modality) => !NOT_PICTURES.includes(modality));
  return pictures.length ? pictures : study.modalities;
}

/** The study's description as words; some scanners part theirs with a caret. */
export const described = (study: StudySummary) => study.study_description.replaceAll("^", " ").trim();

/** Modality and what was examined: "CT Head", said once where the description begins with it. */
export function examined(study: StudySummary): string {
  const modality = pictureModalities(study).join(" ");
  const description = described(study);
  const isSaid = description.toUpperCase().startsWith(`${modality} `);
  return isSaid ? description : [modality, description].filter(Boolean).join(" ") || "Study";
}
