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
    ["has nothing of an empty text", " \n ", undefined],
    ["has nothing of a number", 7, undefined],
    ["has nothing of null", null, undefined],
  ])("%s", (_, value, expected) => {
    expect(untrustedText(value, 12)).toBe(expected);
  });
});
