import { describe, expect, it } from "vitest";
import { cardOf, redirectsText, section, texts, urlText, worstFirst } from "../../clients/card";

describe("a card", () => {
  it("has neither rows nor sections without a fact, but has zeros", () => {
    const sections = [
      section("Counts", [
        ["Malicious", 0],
        ["Suspicious", undefined],
      ]),
      section("Nothing", [
        ["Name", undefined],
        ["Text", ""],
      ]),
    ];
    expect(cardOf(sections)).toEqual({ sections: [{ title: "Counts", rows: [["Malicious", "0"]] }] });
    expect(cardOf([section("Nothing", [])])).toBeUndefined();
  });

  it("loses its last sections when they make it larger than 3 KB", () => {
    const sections = ["a", "b", "c", "d"].map((title) => section(title, [["Text", "漢".repeat(400)]]));
    expect(cardOf(sections)?.sections.map(({ title }) => title)).toEqual(["a", "b"]);
  });
});

describe("texts", () => {
  it.each([
    [["a", "b"], "a, b"],
    [["a", "b", "c", "d"], "a, b and 2 more"],
    [["a", "a", "a"], "a"],
    [["one\ntwo", 5, null, " "], "one two"],
    [["x".repeat(20)], `${"x".repeat(9)}…`],
    [[], undefined],
  ])("of %j are %s", (all, expected) => expect(texts(all, 2, 10)).toBe(expected));
});

describe("urlText", () => {
  it.each([
    ["https://portal.contoso.com/a?id=1", "https://portal.contoso.com/a?id=1"],
    [" https://portal.contoso.com/reset?email=jane@contoso.com", "https://portal.contoso.com/reset?…"],
    ["https://portal.contoso.com/reset?token=a\n&b=c", "https://portal.contoso.com/reset?…"],
    [`https://portal.contoso.com/${"a".repeat(50)}`, `https://portal.contoso.com/${"a".repeat(12)}…`],
    [undefined, undefined],
    [7, undefined],
  ])("of %s is %s", (url, expected) => expect(urlText(url, 40)).toBe(expected));
});

describe("redirectsText", () => {
  it("keeps the order, also of an address that comes twice, and counts what is too much", () => {
    expect(redirectsText(["http://a/", "http://b/", "http://a/"])).toBe("http://a/ → http://b/ → http://a/");
    expect(redirectsText(Array(7).fill("x"))).toBe("x → x → x → x → x and 2 more");
    expect(redirectsText([])).toBeUndefined();
  });
});

it("worstFirst keeps the order within a level, and what has none for the end", () => {
  const items = ["low 1", "none", "high 1", "low 2", "high 2"];
  const level = (item: string) => item.split(" ")[0];
  expect(worstFirst(items, ["high", "low"], level)).toEqual(["high 1", "high 2", "low 1", "low 2", "none"]);
});
