import type { Verdict } from "../../domain/verdict";
import type { EntitySeed } from "../../local/simulators/sentinel-incidents";
import { knownToVirusTotal } from "../../local/simulators/virustotal-reports";
import { address, domain, fileHash, unknownHash, url } from "../support/entities";

/** Something an incident may hold, and what is found out about it when everybody answers. */
export interface PoolItem {
  readonly entities: readonly EntitySeed[];
  /** Its canonical value; absent: it is not to be looked up at all. */
  readonly value?: string;
  readonly verdict?: Verdict;
}

const { maliciousFile, cleanFile, cleanAddress, maliciousDomain, maliciousUrl } = knownToVirusTotal;
const strangers = Array.from({ length: 6 }, (_, i) => `93.184.216.${i + 1}`);

export const pool: readonly PoolItem[] = [
  {
    entities: [fileHash(maliciousFile.sha256)],
    value: maliciousFile.sha256,
    verdict: "malicious",
  },
  { entities: [fileHash(cleanFile.sha256)], value: cleanFile.sha256, verdict: "clean" },
  { entities: [fileHash(unknownHash(7))], value: unknownHash(7), verdict: "unknown" },
  { entities: [address(cleanAddress), address(cleanAddress)], value: cleanAddress, verdict: "clean" },
  { entities: [domain(maliciousDomain)], value: maliciousDomain, verdict: "malicious" },
  { entities: [url(maliciousUrl)], value: maliciousUrl, verdict: "malicious" },
  ...strangers.map((value): PoolItem => ({ entities: [address(value)], value, verdict: "unknown" })),
  { entities: [address("10.20.30.40")] },
  { entities: [fileHash("abc123")] },
  { entities: [{ kind: "FutureKind", properties: null }] },
];
