import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { skippingClock } from "../../local/clock";
import { appIn, startLocalHost } from "../../local/host/local-host";
import { packageRoot } from "../../local/host/package-root";
import { startServices } from "../../local/simulators/services";
import { version } from "../../package.json";
import { runCommandLine } from "../command-line";
import { postIncident } from "../run-client";
import { historiesIn, type RecordedHistory } from "./recorded-history";
import { type Story, stories } from "./stories";

/** What Sentinel says of an update that brought an alert. */
const addedAlerts = { alerts: [{}], updatedBy: { source: "AlertGrouping", name: "Alert grouping" } };

const folder = join(packageRoot, "test/fixtures/histories", version);

const usage = `Usage: npm run record:histories

Runs every scenario on this version of the app and records its histories for the
tests of later versions. Replaces test/fixtures/histories/${version}.

  -h, --help  print this`;

runCommandLine({ usage, read: commandFrom });

function commandFrom(args: readonly string[]): () => Promise<number> {
  parseArgs({ args: [...args] });
  return recordAll;
}

async function recordAll(): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const story of stories) {
    const histories = await record(story);
    const file = join(folder, `${story.name}.json`);
    writeFileSync(file, textOf(story.about, histories));
    console.log(
      `${relative(packageRoot, file)}: ${histories.map(({ instanceId }) => instanceId).join(", ")}`,
    );
  }
  return 0;
}

async function record({ settings, options, play }: Story): Promise<readonly RecordedHistory[]> {
  const dataFolder = mkdtempSync(join(tmpdir(), "histories-"));
  const clock = skippingClock();
  const services = await startServices({ clock, ...options });
  const app = appIn(packageRoot);
  const host = await startLocalHost({
    ...app,
    clock,
    dataFolder,
    settings: { ...services.settings, ...settings },
    log: () => {},
  });
  services.deliverTriagesTo(host.origin);
  const { sentinel } = services;
  await play({
    services,
    clock,
    async raise(incident) {
      const armId = sentinel.addIncident(incident);
      await postIncident(host.origin, sentinel.triggerBody(armId));
      return armId;
    },
    async addAlerts(armId) {
      await postIncident(host.origin, sentinel.triggerBody(armId, "Update", addedAlerts));
    },
  });
  await allEnded(host.origin);
  await host.stop();
  await services.stop();
  const histories = historiesIn(dataFolder, app.hostJson.extensions?.durableTask?.hubName ?? "");
  rmSync(dataFolder, { recursive: true });
  return histories;
}

async function allEnded(origin: string): Promise<void> {
  const open = `${origin}/runtime/webhooks/durabletask/instances?runtimeStatus=Running,Pending`;
  while (((await (await fetch(open)).json()) as unknown[]).length > 0)
    await new Promise((done) => setTimeout(done, 20));
}

/** One event per line, so that a difference can be read. */
function textOf(about: string, histories: readonly RecordedHistory[]): string {
  const instances = histories.map(
    ({ instanceId, history }) =>
      `{"instanceId":${JSON.stringify(instanceId)},"history":[\n${history.map((event) => JSON.stringify(event)).join(",\n")}\n]}`,
  );
  return `{"about":${JSON.stringify(about)},"instances":[\n${instances.join(",\n")}\n]}\n`;
}
