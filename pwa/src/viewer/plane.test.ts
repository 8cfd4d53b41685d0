import { describe, expect, it } from "vitest";
import { planeHeader, undelta } from "./plane";

/** Packs values as the server does: differences to the left (first column: above), low bytes before high bytes. */
function packed(values: number[][]): Uint8Array {
  const flat = values.flatMap((row, y) =>
    row.map(
      (value, x) => value - (x > 0 ? (row[x - 1] as number) : y > 0 ? (values[y - 1]?.[0] as number) : 0),
    ),
  );
  const words = Uint16Array.from(flat, (difference) => difference & 0xffff);
  return Uint8Array.from([...words].map((word) => word & 0xff).concat([...words].map((word) => word >> 8)));
}

describe("planes", () => {
  it("come out as they went in, across pieces and with wrapping differences", async () => {
    const values = Array.from({ length: 700 }, (_, y) =>
      Array.from({ length: 700 }, (_, x) => (x * 91 + y * 7919) & 0xffff),
    );
    expect(Array.from(await undelta(packed(values), 700, 700))).toEqual(values.flat());
  });

  it("say how their values are read", () => {
    const header = planeHeader(
      "rows=512;columns=256;signed=1;slope=1;intercept=-1024;unit=HU;invert=0;bits=12;lut=0",
    );
    expect(header).toMatchObject({
      rows: 512,
      columns: 256,
      signed: true,
      slope: 1,
      intercept: -1024,
      unit: "HU",
      invert: false,
    });
    expect(planeHeader("rows=2;columns=2;slope=3;intercept=9;lut=1")).toMatchObject({
      slope: 1,
      intercept: 0,
    });
  });

  it("without a size are refused", () => {
    expect(() => planeHeader("rows=512")).toThrow();
    expect(() => planeHeader("")).toThrow();
  });
});
