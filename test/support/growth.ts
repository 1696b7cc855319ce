import { leastMs } from "./least-time";

/** The second is below the length at which readers cut a text before they look through it. */
const lengths = [100_000, 20_000];
const factor = 8;
/** Below it the runtime's own work (compilation, garbage collection) is larger. */
const noiseMs = 1;

/** Texts that make quadratic code slow, each of any length. */
export const hostileTexts: Readonly<Record<string, (length: number) => string>> = Object.fromEntries(
  [
    ..."a</\\.:-_@%&=?# 1([{*\n",
    "\u0301",
    "\u202e",
    "\u3164",
    "\ufe0f",
    "\ud800",
    "漢",
    "😀",
    "a.",
    "1.",
    "::",
    "a ",
    "_a",
    " \u200b",
    "e\u0301",
    "<a ",
    "<br ",
    "</",
    "<!--",
    "<script>",
    "<script",
    "</script ",
    "&amp;",
    "&amp",
    "http://",
    "%5c",
    "Ã¤",
    "quota ",
    "2026-01-01T00:00:00",
    "/analyses/",
    "https://a.intezer.com/",
    "eyJ",
  ].map((unit) => [JSON.stringify(unit), (length: number) => repeated(unit, length)]),
);

function repeated(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

/** What takes more than this many times longer for eight times the text is not linear, for which 8 is the most. */
const mostGrowth = 24;

/** Whether eight times the text takes many more times longer: 64 for quadratic work. */
export function isSteep(work: (text: string) => void, textOf: (length: number) => string): boolean {
  return lengths.some((length) => {
    const [short, long] = [textOf(length / factor), textOf(length)];
    const before = Math.max(
      leastMs(() => work(short), noiseMs, 5),
      noiseMs,
    );
    return leastMs(() => work(long), mostGrowth * before) > mostGrowth * before;
  });
}
