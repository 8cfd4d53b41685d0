import { described, pictureModalities } from "../examined";
import { count, studyMoment } from "../moment";
import type { StudySummary } from "../types";
import { ageAndSex, PatientName, SyntheticLabel } from "../ui/patient";

/** What was requested; what is only likely is said below, with its reason. */
const REQUESTED = { stat: "STAT", high: "HIGH", likely: "" };

/** What was examined, then who, then how much and whether a report exists. */
export function StudyRow({ study, isCurrent }: { study: StudySummary; isCurrent: boolean }) {
  return (
    <a
      class="row"
      href={`/studies/${study.study_instance_uid}`}
      aria-current={isCurrent ? "true" : undefined}
    >
      <span class="tag">{pictureModalities(study).slice(0, 2).join(" ") || "?"}</span>
      <span class="head">
        {study.urgency && REQUESTED[study.urgency] && (
          <span class={`urgency ${study.urgency}`}>{REQUESTED[study.urgency]}</span>
        )}
        <span class={study.study_description ? "what" : "what unnamed"}>
          <bdi>{described(study) || "No description"}</bdi>
        </span>
        <time class="when">{studyMoment(study.study_date, study.study_time)}</time>
      </span>
      <span class="who">
        <PatientName name={study.patient_name} /> <span class="soft">{ageAndSex(study)}</span>
      </span>
      <span class="how-much">
        {study.is_new && <span class="is-new">New</span>}
        {study.urgency === "likely" && <span class="urgency">Likely urgent: {study.urgency_reason}</span>}
        {study.patient_id && <bdi class="id">{study.patient_id}</bdi>}
        {study.accession_number && <bdi class="id">{study.accession_number}</bdi>}
        <span>{count(study.image_count, "image")}</span>
        {study.has_report && <span class="has-report">Report</span>}
        <SyntheticLabel study={study} />
      </span>
    </a>
  );
}
