import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt } from "../../domain/attempt";
import type { IndicatorKind } from "../../domain/indicators/indicator";
import type { Consultation } from "../../domain/lookups/provider";
import type { Account, QuotaLedger } from "../../domain/lookups/quota-ledger";
import type { Relation } from "../../domain/lookups/relation";
import { dayMs } from "../../domain/time";
import type { Report } from "./wire";

export type RelatedType = "file" | "url" | "domain" | "ip_address" | "resolution";

interface Relationship {
  /** The API's name. */
  readonly name: string;
  /** Type of its descriptors. */
  readonly type: RelatedType;
  readonly relation: Relation;
  /** Only for premium keys: for others VirusTotal may refuse the whole request. */
  readonly isPremium?: true;
}

/**
 * The relationships that are requested with a report, by kind (docs.virustotal.com/reference/files, .../urls, .../domains,
 * .../ip-addresses, which mark those for premium keys). Each brings at most 20 descriptors, without a further request.
 */
export const relationshipsOf: Readonly<Record<IndicatorKind, readonly Relationship[]>> = {
  file: [
    { name: "contacted_domains", type: "domain", relation: "contacts" },
    { name: "contacted_ips", type: "ip_address", relation: "contacts" },
    { name: "contacted_urls", type: "url", relation: "contacts" },
    { name: "dropped_files", type: "file", relation: "drops" },
    { name: "bundled_files", type: "file", relation: "contains" },
    { name: "execution_parents", type: "file", relation: "executedBy" },
  ],
  url: [
    { name: "last_serving_ip_address", type: "ip_address", relation: "servedBy" },
    { name: "redirects_to", type: "url", relation: "redirectsTo", isPremium: true },
  ],
  domain: [
    { name: "communicating_files", type: "file", relation: "contactedBy" },
    { name: "resolutions", type: "resolution", relation: "resolvesTo" },
  ],
  address: [
    { name: "communicating_files", type: "file", relation: "contactedBy" },
    { name: "resolutions", type: "resolution", relation: "resolvedFrom" },
  ],
};

/** One set of relationships to request. */
interface Choice {
  /** Names of relationships, separated by commas; empty for none. */
  readonly names: string;
  readonly hasPremium: boolean;
}

/** The sets from all relationships to none: if one is refused to a key, the next one may be accepted. */
function choicesFor(kind: IndicatorKind): readonly Choice[] {
  const all = relationshipsOf[kind];
  const free = all.filter(({ isPremium }) => !isPremium);
  const choices = [all, ...(free.length < all.length ? [free] : []), []];
  return choices.map((chosen) => ({
    names: chosen.map(({ name }) => name).join(","),
    hasPremium: chosen.length > free.length,
  }));
}

export type FetchedReport = { readonly kind: "report"; readonly report: Report } | Consultation;

/** Decides which relationships to request with a report. */
export interface RelationshipAccess {
  /** `send` requests the report once, with relationships of these names. */
  request(kind: IndicatorKind, send: Send): Promise<FetchedReport>;
}

type Send = (names: string) => Promise<FetchedReport | Refused>;

/** The key may not read one of the relationships. A request without relationships is never refused like this. */
export interface Refused {
  readonly kind: "relationshipsRefused";
}

/** Requests no relationships. */
export const withoutRelationships: RelationshipAccess = {
  request: (_kind, send) => send("") as Promise<FetchedReport>,
};

/** How long lookups wait for the first one to find out whether the key may read premium relationships. */
const patienceMs = 5_000;

/**
 * Requests all relationships that are not known to be refused to the key, and fewer after a refusal. A refusal is
 * remembered for a day, for all runs and instances, so it costs one request, not one per indicator. Only instances that
 * send requests at the same moment are each refused once.
 */
export function createRelationshipAccess(options: {
  /** The provider that owns the key. */
  readonly owner: string;
  readonly keyId: () => Promise<Attempt<string | undefined>>;
  readonly ledger: QuotaLedger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): RelationshipAccess {
  const { owner, keyId, ledger, now } = options;
  /** By key: names of relationships, and until when they are refused. */
  const refusals = new Map<string, Promise<Map<string, number>>>();
  /** By key and names: lookups that were the first to ask for premium relationships. */
  const firsts = new Map<string, Promise<unknown>>();

  const refusalsTo = (account: Account) => {
    const known = refusals.get(account.keyId) ?? readRefusals(ledger, account);
    refusals.set(account.keyId, known);
    return known;
  };

  const sendUnlessRefused = async (account: Account, names: string, send: Send) => {
    const known = await refusalsTo(account);
    if ((known.get(names) ?? 0) > now()) return refused;
    const fetched = await send(names);
    if (fetched.kind !== "relationshipsRefused") return fetched;
    const until = now() + dayMs;
    known.set(names, until);
    await ledger.refuse(account, names, until);
    return fetched;
  };

  /** Lets one lookup go first: otherwise every lookup of a batch would be refused before the first refusal is known. */
  const sendAfterFirst = async (account: Account, names: string, send: Send) => {
    const id = `${account.keyId} ${names}`;
    const first = firsts.get(id);
    if (first) {
      await Promise.race([first, sleep(patienceMs, undefined, { ref: false })]);
      return sendUnlessRefused(account, names, send);
    }
    const sent = sendUnlessRefused(account, names, send);
    firsts.set(id, sent);
    const fetched = await sent;
    const isAnswered = fetched.kind === "report" || fetched.kind === "final";
    if (!isAnswered) firsts.delete(id);
    return fetched;
  };

  return {
    async request(kind, send) {
      const key = await keyId();
      const account = key.kind === "done" && key.value ? { owner, keyId: key.value } : undefined;
      for (const { names, hasPremium } of account ? choicesFor(kind) : []) {
        if (!account || names === "") break;
        const fetched = await (hasPremium ? sendAfterFirst : sendUnlessRefused)(account, names, send);
        if (fetched.kind !== "relationshipsRefused") return fetched;
      }
      return withoutRelationships.request(kind, send);
    },
  };
}

export const refused: Refused = { kind: "relationshipsRefused" };

async function readRefusals(ledger: QuotaLedger, account: Account): Promise<Map<string, number>> {
  return new Map(Object.entries(await ledger.refusals(account)));
}
