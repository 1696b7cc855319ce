// The app with one provider more: it is put into the list, and nothing else is changed.
const { z } = require("zod");
const { providers } = require("../../dist/clients/providers");

/** Calls every domain under `.zip` malicious. */
const zipWatch = {
  id: "zipwatch",
  title: "Zip Watch",
  linkHosts: ["reports.zipwatch.example"],
  secrets: { key: { setting: "ZIPWATCH_API_KEY", vaultName: "zipwatch-api-key" } },
  settings: { ZIPWATCH_ENDING: z.string().default(".zip") },
  exclusions: { zipwatch: ["domain"] },
  create: ({ ZIPWATCH_ENDING: ending }) => ({
    provider: {
      id: "zipwatch",
      title: "Zip Watch",
      kinds: ["domain"],
      off: {},
      quota: { perMinute: 0, perDay: 0, perMonth: 0 },
      async consult({ value }) {
        const isZip = value.endsWith(ending);
        const answer = {
          verdict: isZip ? "malicious" : "clean",
          reasons: isZip ? ["the domain is named like an archive"] : [],
          summary: isZip ? "looks like a file" : "looks like a domain",
          link: `https://reports.zipwatch.example/${value}`,
        };
        return { kind: "final", outcome: { kind: "answered", answer } };
      },
    },
    check: async () => ({ state: "ok", text: "works" }),
  }),
};
providers.push(zipWatch);

require("../../dist/index");
