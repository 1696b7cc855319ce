import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { convert } from "html-to-text";
import { skippingClock } from "./clock";
import { appIn, startLocalHost } from "./host/local-host";
import { packageRoot } from "./host/package-root";
import { postIncident, runOf } from "./run-client";
import { sampleIncident } from "./simulators/sample-incident";
import { localKeys, startServices } from "./simulators/services";

const folder = join(packageRoot, "local/.data/demo");

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

/** One incident through the whole app. Time is skipped where nothing happens: the minutes are those of the run. */
async function main(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const clock = skippingClock();
  const services = await startServices({ clock, intezer: { triageSeconds: 90 } });
  const startedAt = clock.now();
  const say = (text: string) => {
    const seconds = Math.round((clock.now() - startedAt) / 1000);
    console.log(
      `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, "0")}  ${text}`,
    );
  };
  const host = await startLocalHost({
    ...appIn(packageRoot),
    clock,
    dataFolder: join(folder, "task-hub"),
    settings: { ...services.settings, INTEZER_ALERTS: "submit" },
    log: (level, _functionName, _invocationId, text) => {
      if (level === "information" || level === "warning" || level === "error")
        say(text.replaceAll(/\s+/g, " "));
    },
  });
  services.intezer.setWebhook({
    url: `${host.origin}/api/webhooks/intezer`,
    authorization: localKeys.webhook,
  });

  const armId = services.sentinel.addIncident(sampleIncident);
  say("Microsoft Sentinel raises an incident");
  const { instanceId } = await postIncident(host.origin, services.sentinel.triggerBody(armId));
  const run = await runOf(host.origin, instanceId);
  const { comments, tags } = services.sentinel.incident(armId);
  for (const [i, { html }] of comments.entries()) {
    const page = join(folder, i === 0 ? "comment.html" : `comment-${i + 1}.html`);
    writeFileSync(page, pageOf(html));
    console.log(
      `\n${"─".repeat(100)}\n${convert(html, { wordwrap: 100 })}\n${"─".repeat(100)}\nAs a page: ${page}`,
    );
  }
  console.log(`Tags: ${tags.join(", ")}`);
  await host.stop();
  await services.stop();
  const isGood = run.runtimeStatus === "Completed" && comments.length > 0;
  if (!isGood) console.error(`The run ended as ${run.runtimeStatus}: ${JSON.stringify(run.output)}`);
  process.exit(isGood ? 0 : 1);
}

const pageOf = (html: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Comment</title><style>body{font:14px system-ui;max-width:70em;margin:2em auto}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3em .5em;text-align:left;vertical-align:top}</style><body>${html}</body></html>\n`;
