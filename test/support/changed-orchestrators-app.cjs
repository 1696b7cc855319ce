// What a careless release would do: another step before everything else.
const df = require("durable-functions");
const { consultProvider } = require("../../dist/orchestrators/consult-provider");

df.app.orchestration("consultProvider", function* (context) {
  yield context.df.callActivity("askForPermission", {});
  return yield* consultProvider(context);
});
