import { describe, expect, it } from "vitest";
import { nameInOneLine, readableAge, readableName, readableSex } from "./person";

describe("a person's name", () => {
  it("puts a Latin family name first, in capitals, with prefix and suffix kept", () => {
    expect(readableName("Adams^John Robert Quincy^^Rev.^B.A. M.Div.").name).toBe(
      "ADAMS, John Robert Quincy, B.A. M.Div. (Rev.)",
    );
  });

  it("shows the ideographic and phonetic groups beside the alphabetic one", () => {
    expect(readableName("Yamada^Tarou=山田^太郎=やまだ^たろう")).toEqual({
      name: "YAMADA, Tarou",
      beside: ["山田 太郎", "やまだ たろう"],
    });
    expect(nameInOneLine("Hong^Gildong=洪^吉洞=홍^길동")).toBe("HONG, Gildong · 洪 吉洞 · 홍 길동");
  });

  it("takes the first group there is, and never repeats one", () => {
    expect(readableName("=山田^太郎").name).toBe("山田 太郎");
    expect(readableName("Smith^A=SMITH, A").beside).toEqual([]);
  });

  it("leaves other scripts as they were entered", () => {
    expect(readableName("Διονυσιος").name).toBe("Διονυσιος");
    expect(readableName("عبدالله^محمد").name).toBe("عبدالله, محمد");
    expect(readableName("Петров^Иван").name).toBe("Петров, Иван");
    expect(readableName("O'Brien-Müller^Ann").name).toBe("O'BRIEN-MÜLLER, Ann");
  });

  it("says so where there is none", () => {
    expect(readableName("").name).toBe("No name");
    expect(readableName("^^^^").name).toBe("No name");
  });
});

describe("age and sex", () => {
  it("drops leading zeros and names the unit", () => {
    expect(["042Y", "006M", "003W", "014D"].map(readableAge)).toEqual(["42 y", "6 mo", "3 wk", "14 d"]);
  });

  it("is silent where the age is not an age string", () => {
    expect(["", "42", "42Y", "042X"].map(readableAge)).toEqual(["", "", "", ""]);
  });

  it("says F, M or other", () => {
    expect(["F", "m ", "O", ""].map(readableSex)).toEqual(["F", "M", "other", ""]);
  });
});
