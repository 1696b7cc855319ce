import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogQuery } from "../../../clients/log-analytics/log-reader";
import { createWatchlist, watchlistNameFrom } from "../../../clients/sentinel/watchlist";
import { type WatchlistReading, wrongRowsText } from "../../../domain/indicators/watchlist";
import { realClock } from "../../../local/clock";
import {
  type LogAnalyticsSimulator,
  logAnalyticsReplies,
  startLogAnalyticsSimulator,
} from "../../../local/simulators/log-analytics";
import { queryIn } from "../../../local/simulators/log-queries";
import { manualClock } from "../../support/manual-clock";
import { workspaceId } from "../../support/requests";

const scope = workspaceId.toLowerCase();
const otherScope = scope.replace("siem-prod", "siem-test");
const minute = 60_000;
const alias = "Enricher-Allowed";
const sha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";

let simulator: LogAnalyticsSimulator;
let clock: ReturnType<typeof manualClock>;
beforeEach(async () => {
  clock = manualClock(Date.parse("2026-11-22T12:00:00Z"));
  simulator = await startLogAnalyticsSimulator({ clock: realClock(), workspaces: [scope, otherScope] });
});
afterEach(() => simulator.close());

const advance = (ms: number) => clock.set(clock.now() + ms);

const open = (column = "SearchKey") =>
  createWatchlist({
    alias,
    column,
    runLogQuery: createLogQuery({
      endpoint: simulator.endpoint,
      credential: { getToken: () => Promise.reject(new Error("No token may be requested.")) },
      timeoutMs: 2_000,
      now: clock.now,
    }),
    now: clock.now,
  });

const save = (...entries: readonly string[]) =>
  simulator.setWatchlist(
    alias,
    entries.map((entry) => ({ SearchKey: entry, Note: "by an analyst" })),
  );
const namesIn = ({ allowed }: WatchlistReading) =>
  allowed.map((entry) => (entry.kind === "domain" ? entry.name : entry.kind));
const failOnce = (times = 1) =>
  simulator.script({ match: () => true, fault: logAnalyticsReplies.throttled, times });

describe("a watchlist of allowed indicators", () => {
  it("is read like ALLOWED_INDICATORS, a row an entry, in the workspace that is asked for", async () => {
    save("contoso.com", " 8.8.0.0/16 ", "url:portal.contoso.com", sha256, "");
    const reading = await open().read(otherScope);
    expect(reading).toMatchObject({
      allowed: [
        { kind: "domain", name: "contoso.com" },
        { kind: "address", range: "8.8.0.0/16" },
        { kind: "url", host: "portal.contoso.com" },
        { kind: "file", hash: sha256 },
      ],
      wrong: [],
    });
    expect(simulator.requests.map(({ path }) => path)).toEqual([`/v1${otherScope}/query`]);
  });

  it("has the entries of the named column", async () => {
    simulator.setWatchlist(alias, [{ SearchKey: "1", "Own name": "contoso.com" }]);
    expect(namesIn(await open("Own name").read(scope))).toEqual(["contoso.com"]);
  });

  it("names the rows that it leaves out, the first few of many", async () => {
    save("contoso.com", "com", "0.0.0.0/0", ...Array.from({ length: 5 }, (_, i) => `label${i}`));
    const reading = await open().read(scope);
    expect(namesIn(reading)).toEqual(["contoso.com"]);
    expect(reading.wrong).toHaveLength(7);
    expect(wrongRowsText(reading)).toMatch(
      /^com is a single label: [^;]*; 0\.0\.0\.0\/0 is a range wider than \/8; label0 [^;]*; label1 [^;]*; label2 [^;]*; and 2 more$/,
    );
  });

  it("is kept for ten minutes, for each workspace by itself", async () => {
    save("contoso.com");
    const list = open();
    await list.read(scope);
    save("fabrikam.com");
    advance(10 * minute - 1);
    expect(namesIn(await list.read(scope))).toEqual(["contoso.com"]);
    expect(namesIn(await list.read(otherScope))).toEqual(["fabrikam.com"]);
    advance(1);
    expect(namesIn(await list.read(scope))).toEqual(["fabrikam.com"]);
  });

  it("is asked for once by all who come at the same time", async () => {
    save("contoso.com");
    const list = open();
    const readings = await Promise.all([list.read(scope), list.read(scope), list.read(scope)]);
    expect(readings.map(namesIn)).toEqual(Array(3).fill(["contoso.com"]));
    expect(simulator.requests).toHaveLength(1);
  });

  it("holds as it was read last when it cannot be read, and is asked for again a minute later", async () => {
    save("contoso.com", "com");
    const list = open();
    await list.read(scope);
    save("fabrikam.com");
    advance(10 * minute);
    failOnce();
    const held = await list.read(scope);
    expect(namesIn(held)).toEqual(["contoso.com"]);
    expect(held).toMatchObject({ failure: expect.stringContaining("HTTP 429") });
    expect(held.unread).toBeUndefined();
    advance(minute - 1);
    expect(namesIn(await list.read(scope))).toEqual(["contoso.com"]);
    advance(1);
    expect(namesIn(await list.read(scope))).toEqual(["fabrikam.com"]);
  });

  it("holds over several failures in a row", async () => {
    save("contoso.com");
    const list = open();
    await list.read(scope);
    advance(10 * minute);
    failOnce(3);
    for (const _ of [1, 2, 3]) {
      expect(namesIn(await list.read(scope))).toEqual(["contoso.com"]);
      advance(minute);
    }
    expect(await list.read(scope)).not.toHaveProperty("failure");
  });

  it("allows nothing and says why when it was never read", async () => {
    failOnce();
    const list = open();
    const reading = await list.read(scope);
    expect(reading).toMatchObject({ allowed: [], unread: expect.stringContaining("HTTP 429") });
    save("contoso.com");
    advance(minute);
    expect(namesIn(await list.read(scope))).toEqual(["contoso.com"]);
  });

  it("names alias and column where the workspace has no such list", async () => {
    save("contoso.com");
    expect(await open("Missing").read(scope)).toMatchObject({
      unread: expect.stringMatching(/no watchlist Enricher-Allowed with the column Missing/),
    });
  });

  it("stops at 10,000 entries, and says so", async () => {
    save(...Array.from({ length: 10_001 }, (_, i) => `d${i}.contoso.com`));
    const { allowed, wrong } = await open().read(scope);
    expect(allowed).toHaveLength(10_000);
    expect(wrong).toEqual([expect.stringContaining("more than 10000 entries")]);
  });
});

describe("the name of a watchlist", () => {
  it.each([
    { text: "allowed", name: { alias: "allowed", column: "SearchKey" } },
    { text: " Enricher-Allowed_2 : Own name ", name: { alias: "Enricher-Allowed_2", column: "Own name" } },
  ])("$text is understood", ({ text, name }) => {
    expect(watchlistNameFrom(text)).toEqual(name);
  });

  it.each([
    "",
    "a",
    "-allowed",
    "allowed'",
    "a') | take 1 //",
    "allowed:",
    "allowed:a:b",
    "allowed:a'b",
    "allowed:a]b",
    "allowed:1a",
    "alläwed",
    "a\nb",
  ])("%j is none", (text) => {
    expect(watchlistNameFrom(text)).toBeUndefined();
  });

  it("stands in the query as a literal", async () => {
    await open("Own name").read(scope);
    expect(queryIn(simulator.requests[0]?.body ?? "")).toMatch(
      /^\/\/ allowed-watchlist\n_GetWatchlist\('Enricher-Allowed'\)\n\| project Entry = .*\['Own name'\]/,
    );
  });

  it("is checked once more before it gets into a query", () => {
    expect(() => open("a']) | union (x")).toThrow("not the name of a watchlist");
  });
});
