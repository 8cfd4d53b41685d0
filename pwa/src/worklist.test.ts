import { expect, it } from "vitest";
import { examined, pictureModalities } from "./examined";
import type { StudySummary } from "./types";
import { arrived, joined, retold } from "./worklist";

const study = (uid: string, news: Partial<StudySummary> = {}): StudySummary => ({
  study_instance_uid: uid,
  archive: "demo",
  patient_name: "",
  patient_id: "",
  patient_birth_date: null,
  patient_sex: "",
  patient_age: "",
  study_date: null,
  study_time: null,
  study_description: "",
  accession_number: "",
  referring_physician: "",
  modalities: [],
  series_count: 0,
  image_count: 0,
  has_report: false,
  synthetic: false,
  urgency: null,
  urgency_reason: "",
  is_new: false,
  ...news,
});

it("lists a study once, also where a new arrival has shifted the pages", () => {
  const list = joined([study("1"), study("2")], [study("2"), study("3")]);
  expect(list.map((each) => each.study_instance_uid)).toEqual(["1", "2", "3"]);
});

it("tells rows anew in their places and what has arrived apart", () => {
  const listed = [study("2"), study("3")];
  const now = [study("1"), study("3", { image_count: 7 }), study("2")];
  expect(arrived(listed, now)).toEqual([study("1")]);
  expect(retold(listed, now)).toEqual([study("2"), study("3", { image_count: 7 })]);
});

it("says modality and region once", () => {
  expect(examined(study("1", { modalities: ["CT", "SR"], study_description: "CT Head" }))).toBe("CT Head");
  expect(examined(study("1", { modalities: ["MR"], study_description: "Knee left" }))).toBe("MR Knee left");
  expect(examined(study("1", { modalities: ["CT"], study_description: "CTA Head" }))).toBe("CT CTA Head");
  expect(examined(study("1"))).toBe("Study");
  expect(pictureModalities(study("1", { modalities: ["SR"] }))).toEqual(["SR"]);
});
