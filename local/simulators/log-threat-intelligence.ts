import type { QueryHandler } from "./log-queries";

/** An entry of a workspace's threat intelligence, as its table records it. Instants are epoch milliseconds. */
export interface ListedThreat {
  /** ARM id of the workspace; absent: in every one. */
  readonly workspace?: string;
  readonly value: string;
  /** Default "Contoso Feed". */
  readonly source?: string;
  /** `null`: the source gives none. Default 90. */
  readonly confidence?: number | null;
  /** Default `["malicious-activity"]`. */
  readonly types?: readonly string[];
  readonly description?: string;
  readonly validFrom?: number;
  readonly validUntil?: number;
  readonly revoked?: boolean;
  readonly deleted?: boolean;
}

const columns = {
  Value: "string",
  Source: "string",
  Confidence: "real",
  ValidUntil: "datetime",
  Types: "string",
  Description: "string",
  Entries: "long",
} as const;

/** What leaves an entry out, and the words by which a query asks for it: one without them gets the entry. */
const conditions: readonly {
  readonly asked: RegExp;
  readonly isMet: (entry: ListedThreat, now: number) => boolean;
}[] = [
  { asked: /\bnot\(coalesce\(Revoked, false\)\)/, isMet: ({ revoked }) => !revoked },
  { asked: /\bnot\(coalesce\(IsDeleted, false\)\)/, isMet: ({ deleted }) => !deleted },
  {
    asked: /\bcoalesce\(ValidUntil, now\(\) \+ 1d\) > now\(\)/,
    isMet: ({ validUntil }, now) => validUntil === undefined || validUntil > now,
  },
  {
    asked: /\bcoalesce\(ValidFrom, now\(\)\) <= now\(\)/,
    isMet: ({ validFrom = 0 }, now) => validFrom <= now,
  },
];

/** The threat intelligence of all workspaces, and the two queries for it. */
export function createListedThreats(now: () => number) {
  const threats: ListedThreat[] = [];
  const threatsOf = (workspace: string) =>
    threats.filter((each) => (each.workspace ?? workspace).toLowerCase() === workspace.toLowerCase());

  const entries: QueryHandler = ({ workspace, text, lists: [values = []] }) => {
    const asked = new Set(values.map((value) => value.toLowerCase()));
    const found = threatsOf(workspace).filter(
      (each) =>
        asked.has(each.value.toLowerCase()) &&
        conditions.every((condition) => !condition.asked.test(text) || condition.isMet(each, now())),
    );
    const distinct = [...new Set(found.map(({ value }) => value))];
    return { columns, rows: distinct.map((value) => rowOf(found.filter((each) => each.value === value))) };
  };
  const size: QueryHandler = ({ workspace }) => ({
    columns: { Entries: "long" },
    rows: [{ Entries: threatsOf(workspace).length }],
  });
  return {
    add: (threat: ListedThreat) => void threats.push(threat),
    clear: () => void threats.splice(0),
    handlers: { "threat-intelligence": entries, "threat-intelligence-size": size },
  };
}

const confidenceOf = ({ confidence = 90 }: ListedThreat) => confidence;
const rankOf = (threat: ListedThreat) =>
  (confidenceOf(threat) ?? -1) - (threat.types?.includes("benign") ? 1000 : 0);

/** Of the entries for one value the one that counts. */
function rowOf(same: readonly ListedThreat[]) {
  const [first] = same.toSorted((a, b) => rankOf(b) - rankOf(a));
  if (!first) return {};
  const {
    value,
    source = "Contoso Feed",
    types = ["malicious-activity"],
    description = "",
    validUntil,
  } = first;
  return {
    Value: value,
    Source: source,
    Confidence: confidenceOf(first),
    ValidUntil: validUntil === undefined ? null : new Date(validUntil).toISOString(),
    Types: JSON.stringify(types),
    Description: description,
    Entries: same.length,
  };
}
