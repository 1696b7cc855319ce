import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeText } from "../../templates/encode";
import { hostileText } from "../support/hostile-text";
import { casesIn } from "../support/tier";

const markup = /[<>"'`*_[\]()|~#!\\&\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
/** Isolates are ours, in pairs: what they enclose is read from right to left by itself. */
const withoutIsolates = (text: string) => text.replace(/\u2068([^\u2068\u2069]*)\u2069/g, "$1");
const liveAddress = /(https?|ftp):\/\/|www\./i;

test("no text becomes a live tag, link or Markdown, however it is put together", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const encoded = encodeText(text);
      expect(withoutIsolates(encoded).replace(/&#\d+;/g, "")).not.toMatch(markup);
      const read = encoded.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
      expect(encoded).not.toMatch(liveAddress);
      expect(read).not.toMatch(liveAddress);
    }),
    { numRuns: casesIn({ quick: 1_000, full: 2_000 }) },
  );
});
