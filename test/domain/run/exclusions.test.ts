import { describe, expect, test } from "vitest";
import { type ProviderPlan, type RunSettings, withoutExcluded } from "../../../domain/run/settings";

const plan = (
  id: string,
  kinds: ProviderPlan["kinds"],
  off: ProviderPlan["off"] = {},
): Pick<ProviderPlan, "id" | "kinds" | "off"> => ({ id, kinds, off });
const settings = {
  alerts: "submit",
  providers: [
    plan("virustotal", ["file", "url", "address"], { domain: "a setting" }),
    plan("intezer", ["file"], { url: "a setting" }),
  ],
} as unknown as RunSettings;
const exclusions = {
  virustotal: { virustotal: ["file", "url", "domain", "address"] },
  intezer: { "intezer-alerts": "alerts", "intezer-files": ["file"], "intezer-urls": ["url"] },
} as const;
const byRule = (word: string) => `the automation rule switches this off (x-enricher-without: ${word})`;

function settingsWithout(header: string | null, given = settings): RunSettings {
  const remaining = withoutExcluded(given, header, exclusions);
  if (remaining.kind === "settings") return remaining.settings;
  throw new Error(remaining.reason);
}

describe("x-enricher-without", () => {
  test.each([null, "", " , "])("%j takes nothing out", (header) => {
    expect(settingsWithout(header)).toEqual(settings);
  });

  test("takes out a provider's kind, with the reason", () => {
    expect(settingsWithout("intezer-files").providers).toEqual([
      settings.providers[0],
      plan("intezer", [], { file: byRule("intezer-files"), url: "a setting" }),
    ]);
  });

  test("takes out a whole provider", () => {
    const off = byRule("virustotal");
    expect(settingsWithout("VirusTotal").providers).toEqual([
      plan("virustotal", [], { file: off, url: off, address: off, domain: "a setting" }),
      settings.providers[1],
    ]);
  });

  test("takes out the submission", () => {
    expect(settingsWithout("intezer-alerts")).toEqual({
      ...settings,
      alerts: "off",
      alertsOff: byRule("intezer-alerts"),
    });
  });

  test("takes out several parts, and switches on nothing that is off", () => {
    const without = settingsWithout("intezer-alerts, intezer-urls,intezer-files,virustotal");
    expect(without.providers.flatMap(({ kinds }) => kinds)).toEqual([]);
    expect(without.alerts).toBe("off");
    expect(without.providers[1]?.off.url).toBe("a setting");
    const off = { ...settings, alerts: "off" as const };
    expect(settingsWithout("intezer-alerts", off)).toEqual(off);
  });

  test.each(["everything", "virustotal,constructor", "intezer-file"])(
    "refuses %j and names its words",
    (header) => {
      expect(withoutExcluded(settings, header, exclusions)).toEqual({
        kind: "refused",
        reason: expect.stringContaining("intezer-alerts, intezer-files, intezer-urls, virustotal"),
      });
    },
  );
});
