import { layout } from "../layout";
import { opening } from "../open-study";
import { back } from "../router";
import { session } from "../session";
import { ViewerPlace } from "../ui/viewer-place";
import { fromTheTop, type Start } from "../viewing";
import { StudyDoor } from "./study-door";
import { StudyPanel } from "./study-panel";
import { Worklist } from "./worklist";
import "../styles/study.css";

interface StudyScreenProps {
  uid: string;
  /** Where the viewer begins; null on a phone shows the study itself. */
  start: Start | null;
}

/** A study: one column on a phone, study and viewer on a tablet, worklist, viewer and report on a desktop. */
export function StudyScreen({ uid, start }: StudyScreenProps) {
  const detail = opening.value?.uid === uid ? opening.value.detail : null;
  if (layout.value === "phone") {
    if (!detail) return <StudyDoor key={uid} uid={uid} isBeside={false} />;
    if (!start) return <StudyPanel study={detail} isBeside={false} />;
    return <ViewerPlace key={uid} study={detail} start={start} onBack={() => back(`/studies/${uid}`)} />;
  }
  const hasList = layout.value === "desktop" && !session.value?.share;
  return (
    <div class={hasList ? "columns three" : "columns two"}>
      {hasList && (
        <aside class="column list" aria-label="Studies">
          <Worklist current={uid} />
        </aside>
      )}
      <section class="column picture always-dark" aria-label="Images">
        {detail && <ViewerPlace key={uid} study={detail} start={start ?? fromTheTop} onBack={null} />}
      </section>
      <aside class="column about" aria-label="Study and report">
        {detail ? (
          <StudyPanel study={detail} isBeside={true} />
        ) : (
          <StudyDoor key={uid} uid={uid} isBeside={true} />
        )}
      </aside>
    </div>
  );
}
