import { opening, retryReport } from "../open-study";
import { back } from "../router";
import type { ReportNode, ReportSource, StudyDetail } from "../types";
import { Failure } from "../ui/failure";
import { Icon } from "../ui/icon";
import { Waiting } from "../ui/waiting";
import { Author, Measurements, References, Sections, StandingMark } from "./report-card";
import { StudyDoor } from "./study-door";
import { PatientHeader } from "./study-panel";
import "../styles/report.css";
import "../styles/study.css";

/** The whole report with all its sources, fit for printing. */
export function ReportScreen({ uid }: { uid: string }) {
  const detail = opening.value?.uid === uid ? opening.value.detail : null;
  if (!detail) return <StudyDoor key={uid} uid={uid} isBeside={false} />;
  return (
    <div class="page study report-page">
      <nav class="bar" aria-label="Report">
        <button
          type="button"
          class="button square"
          aria-label="Back to the study"
          onClick={() => back(`/studies/${uid}`)}
        >
          <Icon name="back" />
        </button>
        <h1>Report</h1>
        <button type="button" class="button square" aria-label="Print" onClick={() => print()}>
          <Icon name="print" />
        </button>
      </nav>
      <PatientHeader detail={detail} hasBack={false} />
      <Sources detail={detail} />
      <p class="review-line soft small">{detail.review_notice}</p>
    </div>
  );
}

function Sources({ detail }: { detail: StudyDetail }) {
  const report = opening.value?.report;
  const failure = opening.value?.reportFailure;
  if (failure) return <Failure failure={failure} retry={() => void retryReport()} />;
  if (report === undefined) {
    return (
      <Waiting>
        <div class="skeleton coming-report" aria-busy="true" />
      </Waiting>
    );
  }
  if (!report?.sources.length) return <p class="report-card none soft">No report for this study.</p>;
  return (
    <>
      {report.sources.map((source) => (
        <Source key={source.sop_instance_uid} uid={detail.study.study_instance_uid} source={source} />
      ))}
    </>
  );
}

function Source({ uid, source }: { uid: string; source: ReportSource }) {
  const impression = source.sections.filter((section) => section.role === "impression");
  const others = source.sections.filter((section) => section.role !== "impression");
  return (
    <article class="source">
      <header>
        <h2>{source.title || "Report"}</h2>
        <StandingMark source={source} />
      </header>
      <Author source={source} />
      <Sections sections={[...impression, ...others]} />
      <Measurements source={source} />
      <References uid={uid} references={source.references} isBeside={false} />
      <details class="tree">
        <summary>All content of this document</summary>
        <ul>
          <Node node={source.tree} depth={0} />
        </ul>
      </details>
    </article>
  );
}

/** One item of the document's content tree; its children fold away below the second level. */
function Node({ node, depth }: { node: ReportNode; depth: number }) {
  const label = (
    <>
      <span class="soft">{node.name || node.type}</span> <bdi>{node.value}</bdi>
    </>
  );
  if (!node.children.length) return <li>{label}</li>;
  const children = node.children.map((child, at) => <Node key={at} node={child} depth={depth + 1} />);
  return (
    <li>
      <details open={depth < 2}>
        <summary>{label}</summary>
        <ul>{children}</ul>
      </details>
    </li>
  );
}
