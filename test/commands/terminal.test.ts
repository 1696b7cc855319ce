import { afterEach, describe, expect, it, vi } from "vitest";
import { columnsOf, wrap } from "../../commands/terminal";

afterEach(() => void vi.unstubAllEnvs());

describe("wrap", () => {
  it.each([
    { what: "a short line", text: "a b", lines: ["a b"] },
    { what: "a sentence", text: "one two three four five", lines: ["one two three", "four five"] },
    { what: "an option", text: "  --a  one two three", lines: ["  --a  one two", "       three"] },
    {
      what: "a word that is too long",
      text: "a bcdefghijklmnopqr s",
      lines: ["a", "bcdefghijklmnopqr", "s"],
    },
    { what: "an indented line", text: "  one two three four", lines: ["  one two", "  three four"] },
  ])("breaks $what at blanks, below where its text begins", ({ text, lines }) => {
    expect(wrap(text, 14).split("\n")).toEqual(lines);
  });
});

describe("columnsOf", () => {
  it.each([
    { what: "the terminal", stream: { columns: 100 }, setting: "70", columns: 100 },
    { what: "COLUMNS, without a terminal", stream: {}, setting: "70", columns: 70 },
    { what: "80, where nothing says", stream: {}, setting: "", columns: 80 },
    { what: "at most 120", stream: { columns: 300 }, setting: "", columns: 120 },
  ])("is $what", ({ stream, setting, columns }) => {
    vi.stubEnv("COLUMNS", setting);
    expect(columnsOf(stream)).toBe(columns);
  });
});
