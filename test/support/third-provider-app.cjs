// The app with one provider more: it is listed where index.ts lists the others, and nothing else is told of it.
const activities = require("../../dist/activities/index");
const trigger = require("../../dist/triggers/incident");

/** Calls every domain under `.zip` malicious. */
const zipWatch = {
  id: "zipwatch",
  title: "Zip Watch",
  kinds: ["domain"],
  off: {},
  quota: { perMinute: 0, perDay: 0, perMonth: 0 },
  async consult({ value }) {
    const isZip = value.endsWith(".zip");
    const answer = {
      verdict: isZip ? "malicious" : "clean",
      reasons: isZip ? ["the domain is named like an archive"] : [],
      summary: isZip ? "looks like a file" : "looks like a domain",
    };
    return { kind: "final", outcome: { kind: "answered", answer } };
  },
};
const { consult, ...plan } = zipWatch;

const { createActivities } = activities;
activities.createActivities = (outside) =>
  createActivities({ ...outside, providers: [...outside.providers, zipWatch] });

const { createIncidentTrigger } = trigger;
trigger.createIncidentTrigger = (options) => {
  const providers = [...options.settings.providers, plan];
  return createIncidentTrigger({ ...options, settings: { ...options.settings, providers } });
};

require("../../dist/index");
