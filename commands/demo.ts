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
import { pathText, wrap } from "./terminal";

const folder = join(packageRoot, "local/.data/demo");

const usage = `Usage: npm run demo [-- options]

Enriches one sample incident on this machine, with simulators in place of the
services: no account, no key, no network. Prints what happens, the comment and
the tags, and writes the comment as a page to local/.data/demo.

  --app DIR   folder with an unpacked package of the app (default: this one)
  --verbose   print the app's log instead of a sentence for each step
  -h, --help  print this

Exits with 0, or with 1 when the run failed.`;

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      app: { type: "string", default: packageRoot },
      verbose: { type: "boolean", default: false },
    },
  });
  const app = resolve(values.app);
  if (!existsSync(join(app, "host.json"))) throw new Error(`There is no app in ${app}: it has no host.json.`);
  return () => runDemo(app, values.verbose);
}

/** One incident through the whole app. Time is skipped where nothing happens: the minutes are those of the run. */
async function runDemo(app: string, verbose: boolean): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const clock = skippingClock();
  const services = await startServices({ clock, intezer: { triageSeconds: 90 } });
  console.log(wrap("Waiting is skipped here: the times shown are those of a real run.\n"));
  const { say, log } = startProgress(clock, { verbose });
  const host = await startLocalHost({
    ...appIn(app),
    clock,
    settings: { ...services.settings, INTEZER_ALERTS: "submit" },
    log,
  });
  services.deliverTriagesTo(host.origin);

  const armId = services.sentinel.addIncident(sampleIncident);
  say("Microsoft Sentinel raises an incident.");
  const { instanceId } = await postIncident(host.origin, services.sentinel.triggerBody(armId));
  const run = await runOf(host.origin, instanceId);
  const { comments, tags } = services.sentinel.incident(armId);
  for (const [i, { html }] of comments.entries()) {
    const page = join(folder, i === 0 ? "comment.html" : `comment-${i + 1}.html`);
    writeFileSync(page, commentPage(html));
    printComment(html);
    console.log(`As a page: ${pathText(page)}`);
  }
  console.log(`Tags: ${tags.join(", ")}\n`);
  console.log(
    wrap(
      "A file name in this incident is hostile on purpose: it holds markup and reverses the direction of its text. The app made both harmless.",
    ),
  );
  await host.stop();
  await services.stop();
  if (run.runtimeStatus === "Completed" && comments.length > 0) return 0;
  throw new Error(`The run ended as ${run.runtimeStatus}: ${JSON.stringify(run.output)}`);
}
