import { createLogQuery } from "../../clients/log-analytics/log-reader";
import { workspaceOf } from "../../clients/sentinel/arm-id";
import { realClock } from "../../local/clock";
import { startServices } from "../../local/simulators/services";
import { doneOrThrow, runCommandLine } from "../command-line";
import { deploymentFrom, type Values } from "../deployment/deployment";
import { columnsOf } from "../terminal";
import { type Arguments, argumentsFrom, usage } from "./arguments";
import { readClosings } from "./read-closings";
import { type Report, reportOn } from "./report";
import { reportJson, reportText } from "./report-text";
import { sampleClosings } from "./sample-closings";
import { thresholdsIn } from "./thresholds-in";

const clock = realClock();

/** Months of a busy workspace take longer than what the app asks for. */
const timeoutMs = 120_000;

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<number> {
  const given = argumentsFrom(args);
  return () => (given.values ? print(given, given.values) : printSamples(given));
}

async function print(given: Arguments, values: Values, isSimulated = false): Promise<number> {
  const report = await reportFrom(given, values, isSimulated);
  console.log(given.json ? reportJson(report) : reportText(report, columnsOf()));
  return 0;
}

async function reportFrom({ days }: Arguments, values: Values, isSimulated: boolean): Promise<Report> {
  const { config, credential } = deploymentFrom(values);
  const { workspaces, logAnalyticsEndpoint: endpoint } = config;
  const runQuery = createLogQuery({ endpoint, credential, timeoutMs });
  const read = workspaces.map(async (scope) => {
    const closings = await readClosings(runQuery, { scope, days, isSimulated });
    return doneOrThrow(closings, workspaceOf(scope).name);
  });
  const incidents = (await Promise.all(read)).flat();
  return reportOn(incidents, { days, workspaces: workspaces.length, thresholds: thresholdsIn(config) });
}

async function printSamples(given: Arguments): Promise<number> {
  const services = await startServices({ clock });
  services.logAnalytics.answer({ "verdicts-against-closings": sampleClosings });
  const code = await print(given, services.settings, true);
  await services.stop();
  return code;
}
