/** The second is below the length at which readers cut a text before they look through it. */
const lengths = [100_000, 20_000];
const factor = 8;
/** Work that takes so long is slow, however often it is measured. */
const hopelessMs = 1_000;
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

/** Of several runs the least, in processor time: what else the machine does takes none of it. */
function leastMs(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run++) {
    const start = process.cpuUsage();
    work();
    least = Math.min(least, process.cpuUsage(start).user / 1000);
    if (least < noiseMs || least > hopelessMs) break;
  }
  return least;
}

/**
 * How many times longer eight times the text takes: at most 8 for linear work, less for work that is too short to
 * measure, 64 for quadratic work.
 */
export function growthOf(work: (text: string) => void, textOf: (length: number) => string): number {
  const growths = lengths.map((length) => {
    const [short, long] = [textOf(length / factor), textOf(length)];
    const before = leastMs(() => work(short));
    return leastMs(() => work(long)) / Math.max(before, noiseMs);
  });
  return Math.max(...growths);
}

/** Linear work stays far below it, quadratic work far above. */
export const mostGrowth = 24;
