// The real orchestrators with activities of a test: `runOrchestrator` sets them before it loads this app.
const df = require("durable-functions");
const { consultProvider } = require("../../dist/orchestrators/consult-provider");
const { deliverTriage } = require("../../dist/orchestrators/deliver-triage");
const { enrichAgain } = require("../../dist/orchestrators/enrich-again");
const { sendResults } = require("../../dist/orchestrators/send-results");
const { submitIncident } = require("../../dist/orchestrators/submit-incident");
const { enrichIncident } = require("../../dist/orchestrators/enrich-incident");

const orchestrators = {
  consultProvider,
  deliverTriage,
  enrichAgain,
  enrichIncident,
  sendResults,
  submitIncident,
};
for (const [name, handler] of Object.entries(orchestrators)) df.app.orchestration(name, handler);
for (const [name, handler] of Object.entries(globalThis.activitiesUnderTest))
  df.app.activity(name, { handler });
