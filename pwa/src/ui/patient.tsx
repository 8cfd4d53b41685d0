import { readableAge, readableName, readableSex } from "../person";
import type { StudySummary } from "../types";

/** A patient's name, all its groups, each in its own direction. */
export function PatientName({ name }: { name: string }) {
  const readable = readableName(name);
  return (
    <span class="patient-name">
      <bdi>{readable.name}</bdi>
      {readable.beside.map((other) => (
        <bdi key={other} class="beside">
          {other}
        </bdi>
      ))}
    </span>
  );
}

/** Age at the study and sex, as they are said: "42 y F". */
export function ageAndSex(study: StudySummary): string {
  return [readableAge(study.patient_age), readableSex(study.patient_sex)].filter(Boolean).join(" ");
}

/** The label that no synthetic study is ever without. */
export function SyntheticLabel({ study }: { study: StudySummary }) {
  return study.synthetic ? <span class="synthetic">Synthetic</span> : null;
}
