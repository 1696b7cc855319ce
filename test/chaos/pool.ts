import type { Verdict } from "../../domain/verdict";
import type { EntitySeed } from "../../local/simulators/sentinel-incidents";
import { knownToVirusTotal, type VirusTotalObject } from "../../local/simulators/virustotal-reports";
import { address, domain, fileHash, unknownHash, url } from "../support/entities";
import { drawOddReport } from "./odd-reports";
import type { Random } from "./random";

/** Something an incident may hold, and what is found out about it when all providers answer. */
export interface PoolItem {
  readonly entities: readonly EntitySeed[];
  /** Canonical values that a finding may have, the first one when all answers are there; none: it is not looked up. */
  readonly values: readonly string[];
  readonly verdict?: Verdict;
  /** It should be an indicator, and cannot be read as one. */
  readonly unreadable?: true;
  /** For what the simulator does not know from the start. */
  readonly report?: VirusTotalObject;
}

const { maliciousFile, cleanFile, cleanAddress, maliciousAddress, maliciousDomain, maliciousUrl } =
  knownToVirusTotal;
const strangers = Array.from({ length: 6 }, (_, i) => `93.184.216.${i + 1}`);

const ordinary: readonly PoolItem[] = [
  { entities: [fileHash(unknownHash(7))], values: [unknownHash(7)], verdict: "unknown" },
  { entities: [address(cleanAddress), address(cleanAddress)], values: [cleanAddress], verdict: "clean" },
  { entities: [domain(maliciousDomain)], values: [maliciousDomain], verdict: "malicious" },
  { entities: [url(maliciousUrl)], values: [maliciousUrl], verdict: "malicious" },
  ...strangers.map(
    (value): PoolItem => ({ entities: [address(value)], values: [value], verdict: "unknown" }),
  ),
  { entities: [address("10.20.30.40")], values: [] },
  { entities: [{ kind: "FutureKind", properties: null }], values: [] },
];

/** Neither can be read as what it should be. */
const unreadable: readonly PoolItem[] = [
  { entities: [fileHash("abc123")], values: [], unreadable: true },
  { entities: [address("not an address")], values: [], unreadable: true },
];

/** What comes into an incident after its first entities. */
const late: readonly PoolItem[] = [
  { entities: [address("93.184.216.201")], values: ["93.184.216.201"], verdict: "unknown" },
  { entities: [address(maliciousAddress)], values: [maliciousAddress], verdict: "malicious" },
];

export const drawLateItem = (random: Random): PoolItem => random.oneOf(late);

/** Items of one incident. `serial` numbers what must be different in every incident of a story. */
export function drawItems(random: Random, serial: () => number): readonly PoolItem[] {
  return [
    ...random.someOf(ordinary),
    ...random.someOf([
      drawFile(random, maliciousFile, "malicious"),
      drawFile(random, cleanFile, "clean"),
      ...Array.from({ length: 3 }, () => drawOddReport(random, serial())),
    ]),
    ...(random.isTrue(0.2) ? [random.oneOf(unreadable)] : []),
  ];
}

/** One file by one or several of its hashes, which no `File` ties together. */
function drawFile(
  random: Random,
  { sha256, sha1, md5 }: typeof maliciousFile | typeof cleanFile,
  verdict: Verdict,
): PoolItem {
  const hashes = random.oneOf([
    [fileHash(sha256)],
    [fileHash(md5, "MD5"), fileHash(sha1, "SHA1"), fileHash(sha256)],
    [fileHash(md5, "MD5"), fileHash(sha256)],
    [fileHash(md5, "MD5"), fileHash(sha1, "SHA1")],
  ]);
  return { entities: hashes, values: [sha256, sha1, md5], verdict };
}
