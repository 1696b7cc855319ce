import { afterAll, beforeAll, expect, it } from "vitest";
import { checkWatchlist } from "../../../commands/check/watchlist";
import { accessWith } from "../../../commands/deployment/access";
import { readConfig } from "../../../config";
import { realClock } from "../../../local/clock";
import { isQuery, logAnalyticsReplies } from "../../../local/simulators/log-analytics";
import { type Services, startServices } from "../../../local/simulators/services";

let services: Services;
beforeAll(async () => {
  services = await startServices({ clock: realClock() });
});
afterAll(() => services.stop());

const linesOf = async (settings: Readonly<Record<string, string>>) => {
  const access = accessWith(readConfig({ ...services.settings, ...settings }));
  const [scope = ""] = access.config.workspaces;
  const lines = await checkWatchlist(access, scope);
  return lines.map(({ state, text }) => `${state} ${text}`);
};
const save = (...entries: readonly string[]) =>
  services.logAnalytics.setWatchlist(
    "Allowed",
    entries.map((entry) => ({ SearchKey: entry })),
  );
const set = { ALLOWED_WATCHLIST: "Allowed" };

it("has no line without a watchlist", async () => {
  expect(await linesOf({})).toEqual([]);
});

it("says how many entries there are", async () => {
  save("contoso.com", "8.8.8.8");
  expect(await linesOf(set)).toEqual(["ok law-soc: Allowed has 2 entries"]);
});

it("names wrong rows", async () => {
  save("contoso.com", "com");
  expect(await linesOf(set)).toEqual([
    expect.stringMatching(
      /^failed law-soc: Allowed has 1 entry, and rows that are left out: com is a single label.*\. Correct them in the watchlist$/,
    ),
  ]);
});

it("notes a list without rows, as one that does not exist has none", async () => {
  save();
  expect(await linesOf(set)).toEqual([
    expect.stringMatching(/^note law-soc: Allowed has 0 entries: check the alias/),
  ]);
});

it("says which role is missing", async () => {
  services.logAnalytics.script({
    match: isQuery("allowed-watchlist"),
    fault: logAnalyticsReplies.forbidden,
  });
  expect(await linesOf(set)).toEqual([
    expect.stringMatching(/^failed law-soc: Allowed: .*grant it the role/),
  ]);
});
