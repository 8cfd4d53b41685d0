import { afterEach, expect, it, vi } from "vitest";
import { enter, hasEnded, leave, may, session, sessionEnded } from "./session";
import type { Session } from "./types";

const person: Session = {
  user: { name: "night", display_name: "Dr A. Night", role: "radiologist" },
  scopes: ["study:search"],
  expires_at: "2026-11-24T12:00:00Z",
  share: null,
};
const guest: Session = {
  ...person,
  share: { id: "a", study_instance_uid: "1.2", shared_by: "Dr A. Night", expires_at: "2026-11-30T00:00:00Z" },
};

afterEach(() => {
  vi.unstubAllGlobals();
  session.value = undefined;
  hasEnded.value = false;
});

it("holds requests until the person has signed in again, then lets all of them go on", async () => {
  enter(person);
  const waiting = Promise.all([sessionEnded(), sessionEnded()]);
  expect(hasEnded.value).toBe(true);
  expect(session.value).toBe(person);
  enter(person);
  expect(await waiting).toEqual([true, true]);
  expect(hasEnded.value).toBe(false);
});

it("lets them fail where the person leaves instead", async () => {
  const replace = vi.fn();
  vi.stubGlobal("location", { replace });
  enter(person);
  const waiting = sessionEnded();
  await leave();
  expect(await waiting).toBe(false);
  expect(replace).toHaveBeenCalledWith("/");
});

it("does not ask a guest, who has no password", async () => {
  enter(guest);
  expect(await sessionEnded()).toBe(false);
  expect(hasEnded.value).toBe(true);
});

it("shows the door where nobody was signed in", async () => {
  expect(await sessionEnded()).toBe(false);
  expect(session.value).toBeNull();
  expect(hasEnded.value).toBe(false);
});

it("knows what the person may do", () => {
  enter(person);
  expect([may("study:search"), may("share:create")]).toEqual([true, false]);
});
