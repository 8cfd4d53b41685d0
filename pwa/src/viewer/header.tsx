import { examined } from "../examined";
import { studyMoment } from "../moment";
import { readableSex } from "../person";
import type { StudyDetail } from "../types";
import { Icon } from "../ui/icon";
import { PatientName, SyntheticLabel } from "../ui/patient";
import type { Scene } from "./scene";
import { TruthBadge } from "./truth-badge";

/** Who and what: name, identifier, birth date, sex, laterality and the badge never hide. */
export function ViewerHeader({
  detail,
  scene,
  onBack,
}: {
  detail: StudyDetail;
  scene: Scene;
  onBack: (() => void) | null;
}) {
  const { study } = detail;
  return (
    <header class="viewer-header">
      {onBack && (
        <button type="button" class="button square" aria-label="Back to the study" onClick={onBack}>
          <Icon name="back" />
        </button>
      )}
      <div class="who">
        <h1>
          <PatientName name={study.patient_name} /> <SyntheticLabel study={study} />
        </h1>
        <p class="facts">
          <bdi>{study.patient_id || "No identifier"}</bdi>
          <span>{study.patient_birth_date ?? "No birth date"}</span>
          <span>{readableSex(study.patient_sex) || "Sex not told"}</span>
          <Laterality scene={scene} />
        </p>
        <p class="secondary what">
          {examined(study)}, {studyMoment(study.study_date, study.study_time)}
        </p>
      </div>
      <TruthBadge detail={detail} scene={scene} />
    </header>
  );
}

const SIDES: Record<string, string> = { L: "Left", R: "Right", B: "Both sides", U: "Unpaired" };

function Laterality({ scene }: { scene: Scene }) {
  const label = scene.label.value;
  const side = label?.frame.laterality || label?.series.laterality;
  return side ? <strong class="side">{SIDES[side] ?? side}</strong> : null;
}
