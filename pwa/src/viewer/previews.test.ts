import { describe, expect, it } from "vitest";
import { Pieces } from "./previews";

const picture = (n: number, bytes: number[]) => [0, 0, 0, n, 0, 0, 0, bytes.length, ...bytes];

describe("previews off the line", () => {
  it("come whole however the line cuts them", async () => {
    const sent = [...picture(7, [1, 2, 3]), ...picture(8, []), ...picture(6, [9])];
    for (const cut of [1, 3, 8, 11, 50]) {
      const pieces = new Pieces();
      const got: [number, number[] | null][] = [];
      for (let at = 0; at < sent.length; at += cut) {
        pieces.add(new Uint8Array(sent.slice(at, at + cut)));
        for (let next = pieces.take(); next; next = pieces.take())
          got.push([next.n, next.body && [...new Uint8Array(await next.body.arrayBuffer())]]);
      }
      expect(got).toEqual([
        [7, [1, 2, 3]],
        [8, null],
        [6, [9]],
      ]);
    }
  });
});
