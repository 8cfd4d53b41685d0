import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api, tileAddress, whenSessionEnds } from "./api";
import { RequestFailed, secondsOf } from "./problem";

type Answer = () => Response | Promise<Response>;

const problem =
  (status: number, slug: string, detail: string, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify({ type: `/problems/${slug}`, title: "T", status, detail, instance: "1" }), {
      status,
      headers: { "Content-Type": "application/problem+json", ...headers },
    });
const json = (body: unknown) => () => Response.json(body);

let asked: { address: string; init: RequestInit }[] = [];

function answering(...answers: Answer[]): void {
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    asked.push({ address, init });
    const answer = answers[asked.length - 1];
    if (!answer) throw new Error("asked too often");
    return answer();
  });
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error("was not refused")),
    (thrown) => thrown as RequestFailed,
  );

beforeEach(() => {
  asked = [];
  whenSessionEnds(async () => false);
});
afterEach(() => vi.unstubAllGlobals());

describe("a refused request", () => {
  it("tells the problem's kind and its sentence", async () => {
    answering(problem(403, "step-needed", "Say why you open it."));
    const failure = await refusal(api.openStudy("1.2"));
    expect(failure).toBeInstanceOf(RequestFailed);
    expect([failure.kind, failure.status, failure.message]).toEqual([
      "step-needed",
      403,
      "Say why you open it.",
    ]);
  });

  it("tells how long to wait", async () => {
    answering(problem(429, "too-many-requests", "Too many tries.", { "Retry-After": "20" }));
    expect((await refusal(api.signIn("a", "b"))).retryAfter).toBe(20);
    expect(secondsOf("Tue, 24 Nov 2026 03:00:10 GMT", Date.parse("2026-11-24T03:00:00Z"))).toBe(10);
    expect(secondsOf("soon")).toBeNull();
  });

  it("has a sentence of its own where a proxy answers", async () => {
    answering(
      () => new Response("<html>nginx</html>", { status: 502, headers: { "Content-Type": "text/html" } }),
    );
    const failure = await refusal(api.site());
    expect(failure.message).toContain("gateway does not answer");
    expect(failure.message).not.toContain("nginx");
  });

  it("is a matter of the network where no answer comes", async () => {
    answering(() => {
      throw new TypeError("Failed to fetch");
    });
    expect((await refusal(api.site())).kind).toBe("network");
  });
});

describe("a request that finds the session ended", () => {
  it("goes on once signed in again", async () => {
    answering(
      problem(401, "not-signed-in", "Sign in first."),
      json({ studies: [], more: false, archives: [] }),
    );
    const ask = vi.fn(async () => true);
    whenSessionEnds(ask);
    expect((await api.searchStudies({ words: "doe" })).studies).toEqual([]);
    expect(ask).toHaveBeenCalledOnce();
    expect(asked.map(({ init }) => init.body)).toEqual(['{"words":"doe"}', '{"words":"doe"}']);
  });

  it("is refused where nobody signs in", async () => {
    answering(problem(401, "not-signed-in", "Sign in first."));
    expect((await refusal(api.searchStudies({}))).status).toBe(401);
  });

  it("does not ask at the door itself", async () => {
    answering(problem(401, "not-signed-in", "Name or password is wrong."));
    const ask = vi.fn(async () => true);
    whenSessionEnds(ask);
    expect((await refusal(api.signIn("a", "b"))).message).toBe("Name or password is wrong.");
    expect(ask).not.toHaveBeenCalled();
  });
});

it("marks what changes something as the app's own, and puts no secret in an address", async () => {
  answering(json({ shared_by: "A", expires_at: "", needs_passphrase: false }));
  await api.previewShare("abc", "s3cret");
  expect(asked[0]?.address).toBe("/api/v1/shares/abc/preview");
  expect(asked[0]?.init.body).toBe('{"secret":"s3cret"}');
  expect(new Headers(asked[0]?.init.headers).get("X-Lightbox")).toBe("1");
});

it("fills a series' address template", () => {
  expect(tileAddress("/tiles/a/b/{rendition}/{n}.jpg", "v512-c40-w400", 7)).toBe(
    "/tiles/a/b/v512-c40-w400/7.jpg",
  );
});
