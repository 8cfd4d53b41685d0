import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { dropFirst } from "../first";
import { asFailure, type RequestFailed } from "../problem";
import type { ViewerProps } from "../viewing";
import { Failure } from "./failure";
import { Waiting } from "./waiting";

const viewer = signal<ComponentType<ViewerProps> | null>(null);
const failure = signal<RequestFailed | null>(null);
let isComing = false;

/** Fetches the viewer's script ahead of its first use. */
export function preloadViewer(): void {
  if (isComing) return;
  isComing = true;
  import("../screens/viewer").then(
    (module) => {
      viewer.value = module.ViewerScreen;
    },
    (thrown) => {
      isComing = false;
      failure.value = asFailure(thrown);
    },
  );
}

/** The viewer, whose script comes apart from the app's first view. */
export function ViewerPlace(props: ViewerProps) {
  useEffect(preloadViewer, []);
  const hasFailed = failure.value !== null;
  useEffect(() => {
    if (hasFailed) dropFirst();
  }, [hasFailed]);
  const Viewer = viewer.value;
  if (Viewer) return <Viewer {...props} />;
  if (failure.value) {
    const retry = () => {
      failure.value = null;
      preloadViewer();
    };
    return (
      <div class="always-dark viewer-coming">
        <Failure failure={failure.value} retry={retry} />
      </div>
    );
  }
  return (
    <div class="always-dark viewer-coming" aria-busy="true">
      <Waiting>
        <p class="soft">Opening the viewer…</p>
      </Waiting>
    </div>
  );
}
