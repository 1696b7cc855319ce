import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogQuery } from "../../../clients/log-analytics/log-reader";
import { checkEntries } from "../../../clients/workspace-ti/index";
import { createWorkspaceTi } from "../../../clients/workspace-ti/provider";
import type { Indicator } from "../../../domain/indicators/indicator";
import type { Answer, Consultation } from "../../../domain/lookups/provider";
import { realClock } from "../../../local/clock";
import {
  type LogAnalyticsSimulator,
  logAnalyticsReplies,
  startLogAnalyticsSimulator,
} from "../../../local/simulators/log-analytics";
import { listsIn, queryIn } from "../../../local/simulators/log-queries";
import type { ListedThreat } from "../../../local/simulators/log-threat-intelligence";
import { workspaceId } from "../../support/requests";

const scope = workspaceId.toLowerCase();
const otherScope = scope.replace("siem-prod", "siem-test");
const day = 86_400_000;

const domain: Indicator = { kind: "domain", value: "login.example.net" };
const address: Indicator = { kind: "address", value: "2606:4700:4700::1111" };
const [sha256, sha1, md5] = ["a".repeat(64), "b".repeat(40), "c".repeat(32)];
const file: Indicator = { kind: "file", value: sha256, hashes: { sha256, sha1, md5 } };
const url = (value: string): Indicator => ({ kind: "url", value });

let simulator: LogAnalyticsSimulator;
beforeEach(async () => {
  simulator = await startLogAnalyticsSimulator({
    clock: realClock(),
    workspaces: [scope, otherScope],
  });
});
afterEach(() => simulator.close());

function runLogQuery(query: Parameters<ReturnType<typeof createLogQuery>>[0]) {
  const credential = { getToken: () => Promise.reject(new Error("No token may be requested.")) };
  return createLogQuery({ endpoint: simulator.endpoint, credential, timeoutMs: 5_000 })(query);
}

const consult = (indicators: readonly Indicator[], workspace = scope) =>
  createWorkspaceTi({ isOn: true, runLogQuery }).consultAll(indicators, workspace);

const list = (...threats: readonly ListedThreat[]) => {
  for (const threat of threats) simulator.addThreat(threat);
};

const noOpinion: Consultation = {
  kind: "final",
  outcome: { kind: "noOpinion", reason: "Sentinel threat intelligence has no entry" },
};

async function answerTo(indicator: Indicator): Promise<Answer> {
  const [consultation] = await consult([indicator]);
  if (consultation?.kind !== "final" || consultation.outcome.kind !== "answered")
    throw new Error(`No answer, but ${JSON.stringify(consultation)}`);
  return consultation.outcome.answer;
}

const listsOf = () => simulator.requests.map(({ body }) => listsIn(queryIn(body))[0] ?? []);

describe("an entry of the workspace's threat intelligence", () => {
  it.each<{
    what: string;
    threats: readonly ListedThreat[];
    verdict: string;
    summary: string;
    reason: string;
  }>([
    {
      what: "of confidence 75 makes its thing suspicious",
      threats: [{ value: domain.value, confidence: 75 }],
      verdict: "suspicious",
      summary: "listed by Contoso Feed, confidence 75",
      reason: "The workspace's threat intelligence lists it with confidence 75 of 100.",
    },
    {
      what: "of full confidence does not make it malicious: what a feed means by it is not known",
      threats: [{ value: domain.value, confidence: 100 }],
      verdict: "suspicious",
      summary: "listed by Contoso Feed, confidence 100",
      reason: "The workspace's threat intelligence lists it with confidence 100 of 100.",
    },
    {
      what: "of less confidence gives no verdict, and says why",
      threats: [{ value: domain.value, confidence: 74 }],
      verdict: "unknown",
      summary: "listed by Contoso Feed, confidence 74, below 75",
      reason:
        "The workspace's threat intelligence lists it with confidence 74 of 100, below the 75 that would make it suspicious.",
    },
    {
      what: "just below 75 is not shown as 75",
      threats: [{ value: domain.value, confidence: 74.9 }],
      verdict: "unknown",
      summary: "listed by Contoso Feed, confidence 74, below 75",
      reason:
        "The workspace's threat intelligence lists it with confidence 74 of 100, below the 75 that would make it suspicious.",
    },
    {
      what: "without a confidence gives no verdict",
      threats: [{ value: domain.value, confidence: null }],
      verdict: "unknown",
      summary: "listed by Contoso Feed, no confidence given",
      reason:
        "The workspace's threat intelligence lists it without a confidence, which is too little for a verdict.",
    },
    {
      what: "that calls it benign clears nothing",
      threats: [{ value: domain.value, confidence: 100, types: ["benign"] }],
      verdict: "unknown",
      summary: "listed as benign by Contoso Feed",
      reason: "The workspace's threat intelligence lists it as benign, which does not clear it.",
    },
    {
      what: "counts beside others by the highest confidence",
      threats: [
        { value: domain.value, confidence: 20, source: "Low Feed" },
        { value: domain.value, confidence: 80, source: "High Feed" },
        { value: domain.value, confidence: 99, source: "Allow Feed", types: ["benign"] },
      ],
      verdict: "suspicious",
      summary: "listed by High Feed, confidence 80, 3 entries",
      reason: "The workspace's threat intelligence lists it with confidence 80 of 100.",
    },
  ])("$what", async ({ threats, verdict, summary, reason }) => {
    list(...threats);
    const answer = await answerTo(domain);
    expect(answer).toMatchObject({ verdict, summary });
    expect(answer.reasons[0]).toBe(reason);
  });

  it("says its source, types, description and validity", async () => {
    const validUntil = Date.UTC(2099, 0, 31);
    list({
      value: domain.value,
      source: "MISP \u202e<b>",
      types: ["malicious-activity", "phishing"],
      description: "Kit\nof a credential phishing campaign",
      validUntil,
    });
    const { reasons, summary, card } = await answerTo(domain);
    expect(summary).toBe("listed by MISP <b>, confidence 90");
    expect(reasons[1]).toBe(
      "Threat type: malicious-activity, phishing. Kit of a credential phishing campaign",
    );
    expect(card?.brief).toEqual(["Valid until 2099-01-31."]);
    expect(card?.sections[0]?.rows).toContainEqual(["Valid until", "2099-01-31"]);
  });

  it("has a long description in full in the details, and its beginning beside the figure", async () => {
    const description = `${"Used by a group that steals sessions. ".repeat(5)}Seen in May`;
    list({ value: domain.value, description });
    const { reasons, card } = await answerTo(domain);
    expect(reasons[1]).toMatch(/^Threat type: malicious-activity\. Used by a group .*…$/);
    expect(card?.brief).toEqual([`${description}. Does not expire.`]);
  });

  it.each<{ what: string; more: Partial<ListedThreat> }>([
    { what: "has expired", more: { validUntil: Date.now() - day } },
    { what: "is not valid yet", more: { validFrom: Date.now() + day } },
    { what: "is revoked", more: { revoked: true } },
    { what: "is deleted", more: { deleted: true } },
    { what: "is of another workspace", more: { workspace: otherScope } },
    { what: "is about something else", more: { value: "example.net" } },
  ])("that $what is none", async ({ more }) => {
    list({ value: domain.value, ...more });
    expect(await consult([domain])).toEqual([noOpinion]);
  });

  it.each<{ what: string; indicator: Indicator; value: string }>([
    { what: "a file's SHA-256", indicator: file, value: sha256.toUpperCase() },
    { what: "a file's SHA-1", indicator: file, value: sha1 },
    { what: "a file's MD5", indicator: file, value: md5 },
    { what: "an IPv6 address", indicator: address, value: "2606:4700:4700::1111" },
    { what: "a domain in capitals", indicator: domain, value: "LOGIN.example.NET" },
    { what: "a URL", indicator: url("https://a.example.net/x?y=1"), value: "https://a.example.net/x?y=1" },
    {
      what: "a URL with a host in capitals",
      indicator: url("https://a.example.net/x"),
      value: "HTTPS://A.example.net/x",
    },
    {
      what: "a URL without a path",
      indicator: url("https://a.example.net/"),
      value: "https://a.example.net",
    },
  ])("is found for $what", async ({ indicator, value }) => {
    list({ value });
    expect((await answerTo(indicator)).verdict).toBe("suspicious");
  });

  it("is not taken for one of a page whose path differs in case", async () => {
    list({ value: "https://a.example.net/Login" });
    expect(await consult([url("https://a.example.net/login")])).toEqual([noOpinion]);
  });

  it("is not asked for by the part of a private URL that may be shown", async () => {
    list({ value: "https://a.example.net/login" });
    const known: Indicator = { ...url("https://a.example.net/login"), byFingerprint: true };
    expect(await consult([known])).toEqual([noOpinion]);
    expect(simulator.requests).toEqual([]);
  });
});

describe("the query", () => {
  it("is one for all kinds, asks the workspace of the incident, and answers in the order of the indicators", async () => {
    list({ value: address.value });
    const consultations = await consult([domain, address, file], otherScope);
    expect(consultations).toMatchObject([noOpinion, { outcome: { kind: "answered" } }, noOpinion]);
    expect(simulator.requests.map(({ path }) => path)).toEqual([`/v1${otherScope}/query`]);
    expect(listsOf()).toEqual([[domain.value, address.value, sha256, sha1, md5]]);
  });

  it("holds at most 200 values", async () => {
    const many = Array.from(
      { length: 201 },
      (_, i): Indicator => ({ kind: "domain", value: `d${i}.example.net` }),
    );
    list({ value: "d200.example.net" });
    const consultations = await consult(many);
    expect(
      listsOf()
        .map(({ length }) => length)
        .toSorted(),
    ).toEqual([1, 200]);
    expect(consultations.slice(0, 200)).toEqual(Array(200).fill(noOpinion));
    expect(consultations[200]).toMatchObject({ outcome: { kind: "answered" } });
  });
});

describe("a workspace that cannot be queried", () => {
  it.each([
    {
      what: "without the right",
      reply: logAnalyticsReplies.forbidden,
      says: "grant it the role Microsoft Sentinel Responder",
    },
    { what: "of an unknown shape", reply: logAnalyticsReplies.noSuchTable, says: "other columns" },
  ])("$what is off for the run, with what to do", async ({ reply, says }) => {
    simulator.script({ match: () => true, fault: reply });
    const off = { kind: "final", outcome: { kind: "off", reason: expect.stringContaining(says) } };
    expect(await consult([domain, address])).toEqual([off, off]);
  });

  it("that answers in part is asked again", async () => {
    simulator.script({ match: () => true, fault: logAnalyticsReplies.inPart });
    expect(await consult([domain])).toMatchObject([{ kind: "again", cause: "fault" }]);
  });
});

describe("npm run check", () => {
  const check = () => checkEntries({ runLogQuery, workspaces: [scope, otherScope] });

  it("says how many entries each workspace has", async () => {
    list({ value: domain.value, workspace: scope });
    expect(await check()).toEqual({ state: "ok", text: "siem-prod has 1 entry; siem-test has 0 entries" });
  });

  it("says what is missing where a workspace may not be queried", async () => {
    simulator.script({
      match: ({ path }) => path.includes("siem-test"),
      fault: logAnalyticsReplies.forbidden,
    });
    const { state, text } = await check();
    expect(state).toBe("failed");
    expect(text).toMatch(/^siem-prod has 0 entries; siem-test: .* grant it the role/);
  });
});
