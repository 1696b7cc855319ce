import { describe, expect, it } from "vitest";
import { untrustedText } from "../../clients/untrusted-text";

describe("untrustedText", () => {
  it.each<[what: string, value: unknown, expected: string | undefined]>([
    ["keeps ordinary text", "Orcus RAT", "Orcus RAT"],
    ["makes one line of several", " one\r\n\ttwo\u2028six ", "one two six"],
    ["takes out control characters", "a\u0000b\u001b[31mc\u007f", "a b [31mc"],
    ["takes out characters that turn the direction of writing", "exe.\u202efdp.bat", "exe. fdp.bat"],
    ["leaves markup to the printer", "<b>&</b>", "<b>&</b>"],
    ["takes out half of a surrogate pair", "a\ud83db", "a b"],
    ["shortens what is too long", "abcdefghijklm", "abcdefghijk…"],
    ["keeps what just fits", "abcdefghijkl", "abcdefghijkl"],
    ["does not cut a surrogate pair", "abcdefghij😀😀", "abcdefghij…"],
    ["takes out what prints nothing", "a\u3164b\u2800c\u115fd", "a b c d"],
    ["takes out what only a font or a program knows", "a\ue000b\ufffcc\ufffed", "a b c d"],
    ["takes out joiners and selectors", "a\u034fb\ufe0fc\u{e0100}d", "abcd"],
    ["thins piled marks", `e${"\u0301".repeat(50)}x`, `e${"\u0301".repeat(4)}x`],
    ["keeps the marks that letters need", "Việt ก็ำ", "Việt ก็ำ"],
    ["finds nothing in blanks only", "\u3164 \u2800\u{e0100}", undefined],
    ["finds nothing behind 10,000 blanks", `${" ".repeat(20_000)}x`, undefined],
    ["finds nothing in an empty text", " \n ", undefined],
    ["finds nothing in a number", 7, undefined],
    ["finds nothing in null", null, undefined],
  ])("%s", (_, value, expected) => {
    expect(untrustedText(value, 12)).toBe(expected);
  });
});
