import { describe, expect, it } from "vitest";
import { routeOf } from "./router";

const at = (address: string) => routeOf(new URL(address, "http://lightbox.test"));

describe("an address of the app", () => {
  it("names its screen", () => {
    expect(at("/").screen).toBe("worklist");
    expect(at("/?range=today").screen).toBe("worklist");
    expect(at("/me").screen).toBe("me");
    expect(at("/shares").screen).toBe("shares");
    expect(at("/sign-in").screen).toBe("sign-in");
    expect(at("/studies/1.2.840.1/report")).toEqual({ screen: "report", uid: "1.2.840.1" });
    expect(at("/s/Ab-9")).toEqual({ screen: "guest", shareId: "Ab-9" });
  });

  it("shows a study itself without a query, the viewer with one", () => {
    expect(at("/studies/1.2")).toEqual({ screen: "study", uid: "1.2", start: null });
    expect(at("/studies/1.2?series=1.3&frame=7&wc=40.5&ww=400")).toEqual({
      screen: "study",
      uid: "1.2",
      start: { series: "1.3", frame: 7, windowCenter: 40.5, windowWidth: 400 },
    });
  });

  it("takes no nonsense for a frame or a window", () => {
    expect(at("/studies/1.2?frame=-1&wc=wide&ww=")).toEqual({
      screen: "study",
      uid: "1.2",
      start: { series: null, frame: null, windowCenter: null, windowWidth: null },
    });
  });

  it("is lost where nothing is", () => {
    for (const address of [
      "/studies",
      "/studies/abc",
      "/studies/1.2/x",
      "/me/x",
      "/nowhere",
      "/s/a/b",
      "/%E0%A4",
    ]) {
      expect(at(address).screen).toBe("lost");
    }
  });
});
