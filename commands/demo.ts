import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { skippingClock } from "../local/clock";
import { appIn, startLocalHost } from "../local/host/local-host";
import { packageRoot } from "../local/host/package-root";
import { sampleIncident } from "../local/simulators/sample-incident";
import { startServices } from "../local/simulators/services";
import { runCommandLine } from "./command-line";
import { commentPage, printComment } from "./comment-print";
import { startProgress } from "./progress";
import { postIncident, runOf } from "./run-client";

const folder = join(packageRoot, "local/.data/demo");

const usage = `Usage: npm run demo [-- --app DIR]

One incident through the whole app, with simulators of all services. Waits are skipped: the times are those of a real run.

  --app DIR    folder of an unpacked package of the app (default: this one)
  -h, --help   print this`;

runCommandLine({ usage, read: commandFrom });

/** Throws an error that says what is wrong. */
function commandFrom(args: readonly string[]): () => Promise<number> {
  const options = { app: { type: "string", default: packageRoot } } as const;
  const { app } = parseArgs({ args: [...args], options }).values;
  if (!existsSync(join(app, "host.json"))) throw new Error(`There is no host.json in ${app}.`);
  return () => demo(resolve(app));
}

async function demo(appFolder: string): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const clock = skippingClock();
  const services = await startServices({ clock, intezer: { triageSeconds: 90 } });
  const { say, log } = startProgress(clock);
  const host = await startLocalHost({
    ...appIn(appFolder),
    clock,
    settings: { ...services.settings, INTEZER_ALERTS: "submit" },
    log,
  });
  services.deliverTriagesTo(host.origin);

  const armId = services.sentinel.addIncident(sampleIncident);
  say("Microsoft Sentinel raises an incident");
  const { instanceId } = await postIncident(host.origin, services.sentinel.triggerBody(armId));
  const run = await runOf(host.origin, instanceId);
  const { comments, tags } = services.sentinel.incident(armId);
  for (const [i, { html }] of comments.entries()) {
    const page = join(folder, i === 0 ? "comment.html" : `comment-${i + 1}.html`);
    writeFileSync(page, commentPage(html));
    printComment(html);
    console.log(`As a page: ${page}`);
  }
  console.log(`Tags: ${tags.join(", ")}`);
  await host.stop();
  await services.stop();
  const isGood = run.runtimeStatus === "Completed" && comments.length > 0;
  if (!isGood) console.error(`The run ended as ${run.runtimeStatus}: ${JSON.stringify(run.output)}`);
  return isGood ? 0 : 1;
}
