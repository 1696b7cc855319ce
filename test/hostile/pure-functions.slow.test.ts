import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { allowedFrom, allowList } from "../../domain/indicators/allowed";
import { mergeFiles } from "../../domain/indicators/files";
import { indicatorsFrom } from "../../domain/indicators/from-entities";
import { presentableUrl } from "../../domain/indicators/url-privacy";
import { leastMs, longestMs, slowTime } from "../support/least-time";
import { hostileLength, worstTexts, worstUrls } from "./worst-texts";

const pilotLength = 4_000;
const triedWhole = 8;

/** Arguments behind the text, of functions that want more than one. */
const furtherArguments: Readonly<Record<string, readonly unknown[]>> = {
  counted: ["address"],
  cut: [100],
  entityKindFrom: [],
  hashFrom: ["SHA256"],
  hashesFrom: ["SHA256"],
  leftOutFrom: ["x", { kind: "leftOut", reason: "x" }],
  plainText: [2_000],
  untrustedText: [200],
  withoutSubject: ["VirusTotal"],
};

/** Functions of other texts, each with the reason why no outsider chooses how long those are. */
const others: Readonly<Record<string, string>> = {
  audienceOf: "an endpoint that the operator sets",
  azureClientOptions: "an endpoint that the operator sets",
  credentialFor: "an endpoint that the operator sets",
  isPrivateFragment: "the fragment of a canonical URL, of at most 1,000 characters",
  isLoopback: "an endpoint that the operator sets",
  privateDetailIn: "a canonical URL, of at most 4,000 characters",
  urlFingerprint: "a canonical URL, of at most 4,000 characters",
};

interface Exported {
  readonly file: string;
  readonly name: string;
}

/** Every exported function whose first argument is a text, found in the source so that none is forgotten. */
function textFunctions(): readonly Exported[] {
  return ["domain", "templates", "clients"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => {
        const source = readFileSync(join(folder, file), "utf8");
        const functions = source.matchAll(/^export function (\w+)\(\s*\w+\??: (?:string|unknown)\b/gm);
        return [...functions].map(([, name = ""]) => ({ file: join(folder, file), name }));
      }),
  );
}

const functions = textFunctions().filter(({ name }) => !(name in others));

test("functions of text are found", () => {
  const names = functions.map(({ name }) => name);
  for (const name of ["addressFrom", "urlFrom", "encodeText", "untrustedText", "fileNameIn"])
    expect(names).toContain(name);
});

/** What takes longer than it may: of all texts the beginnings are tried, and the worst of them as a whole. */
function slowTexts(call: (text: string) => unknown): readonly string[] {
  const texts = Object.entries({ ...worstTexts, ...worstUrls });
  const tried = texts.map(([what, text]) => ({
    what,
    text,
    ms: leastMs(() => call(text.slice(0, pilotLength)), 0, 1),
  }));
  const worst = tried.toSorted((a, b) => b.ms - a.ms).slice(0, triedWhole);
  return worst.flatMap(({ what, text }) => {
    const slow = slowTime(() => call(text));
    return slow ? [`${what}: ${slow}`] : [];
  });
}

test.each(functions)(
  `$name of $file takes less than ${longestMs} ms for any ${hostileLength} characters`,
  async ({ file, name }) => {
    const module = (await import(pathToFileURL(file).href)) as Record<
      string,
      (...given: unknown[]) => unknown
    >;
    const further = furtherArguments[name] ?? [];
    expect(slowTexts((text) => attempt(() => module[name]?.(text, ...further)))).toEqual([]);
  },
);

/** A function may refuse a text by an error: at once is what counts. */
function attempt(call: () => unknown): void {
  try {
    call();
  } catch {}
}

test.each([
  { kind: "Url", property: "url" },
  { kind: "Ip", property: "address" },
  { kind: "DnsResolution", property: "domainName" },
  { kind: "FileHash", property: "hashValue" },
  { kind: "FileHash", property: "algorithm" },
  { kind: "File", property: "fileName" },
  { kind: "MailMessage", property: "urls" },
  { kind: "MailMessage", property: "senderIP" },
  { kind: "Host", property: "friendlyName" },
])(`$property of $kind is read in less than ${longestMs} ms`, ({ kind, property }) => {
  const entityOf = (text: string) => ({
    id: text,
    kind,
    properties: { hashValue: "ab".repeat(16), [property]: text },
  });
  expect(slowTexts((text) => indicatorsFrom([entityOf(text)]))).toEqual([]);
});

test("the ranges of a long list are parsed once, for any number of addresses", () => {
  const allowed = Array.from({ length: 500 }, (_, i) => allowedFrom(`198.${i & 255}.${i >> 8}.0/24`)).flatMap(
    (reading) => ("entry" in reading ? [reading.entry] : []),
  );
  const isAllowed = allowList(allowed);
  const addresses = Array.from(
    { length: 1_000 },
    (_, i) => ({ kind: "address", value: `20.1.${i >> 8}.${i & 255}` }) as const,
  );
  expect(slowTime(() => addresses.filter(isAllowed))).toBeUndefined();
  expect(isAllowed({ kind: "address", value: "198.3.1.9" })).toBe(true);
});

test("files are merged in a time that grows with their number", () => {
  const files = Array.from({ length: 2_000 }, (_, i) => {
    const value = i.toString(16).padStart(64, "0");
    return { kind: "file", value, hashes: { sha256: value } } as const;
  });
  const known = files.map((_, i) => [
    { sha256: files[i]?.value ?? "", md5: (i >> 1).toString(16).padStart(32, "0") },
  ]);
  expect(slowTime(() => mergeFiles(files, known))).toBeUndefined();
});

test("the texts are what hurts: a pattern that looks again at every place takes long", () => {
  const naive = (text: string) => /a+b/.test(text);
  expect(slowTime(() => naive((worstTexts['"a"'] ?? "").slice(0, 40_000)))).toMatch(/^\d+ ms/);
  expect(presentableUrl(worstTexts['"a"'] ?? "")).toHaveLength(4_000);
});
