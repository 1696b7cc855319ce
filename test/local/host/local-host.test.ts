import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, skippingClock } from "../../../local/clock";
import { appIn, type LocalHost, type LocalHostOptions, startLocalHost } from "../../../local/host/local-host";
import { comparable, goldenFolder, readGolden } from "../../support/golden";
import { fixtures } from "./recordings";

const greeter = {
  appEntry: join(fixtures, "durable.js"),
  hostJson: { extensions: { durableTask: { hubName: "Greetings" } } },
  settings: { GREETING: "hello" },
};
const lines: string[] = [];
let hosts: LocalHost[];

async function start(options: Partial<LocalHostOptions> = {}): Promise<LocalHost> {
  const log: LocalHostOptions["log"] = (level, name, _id, text) => lines.push(`${level} ${name}: ${text}`);
  const host = await startLocalHost({ ...greeter, log, ...options });
  hosts.push(host);
  return host;
}

beforeEach(() => {
  hosts = [];
  lines.length = 0;
});
afterEach(async () => {
  for (const host of hosts) await host.stop();
});

/** As much as the tests read of the app's and the management API's answers. */
interface Answer {
  readonly now: number;
  readonly id: string;
  readonly statusQueryGetUri: string;
  readonly runtimeStatus: string;
  readonly output: unknown;
}

const jsonOf = (response: Response) => response.json() as Promise<Answer>;
const json = async (url: string) => jsonOf(await fetch(url));

async function untilEnded(statusUrl: string) {
  await expect.poll(async () => (await json(statusUrl)).runtimeStatus).not.toMatch(/Pending|Running/);
  return json(statusUrl);
}

describe("an app with a starter, an orchestrator and an activity", () => {
  it("runs through HTTP, an hour's timer in no time when the clock skips", async () => {
    const clock: Clock = skippingClock();
    const { origin } = await start({ clock });
    const startedAt = clock.now();
    const started = await fetch(`${origin}/api/greetings/Ada?hours=1`, { method: "POST" });
    expect(started.status).toBe(202);
    const { id, statusQueryGetUri } = await jsonOf(started);
    expect([id, statusQueryGetUri]).toEqual([
      "greet-Ada",
      `${origin}/runtime/webhooks/durabletask/instances/greet-Ada?taskHub=Greetings&connection=Storage`,
    ]);

    expect(await untilEnded(statusQueryGetUri)).toMatchObject({
      name: "greetLater",
      runtimeStatus: "Completed",
      input: { name: "Ada", hours: 1 },
      output: { text: "hello Ada", environment: "Development" },
    });
    expect(clock.now() - startedAt).toBeGreaterThan(3_590_000);
    expect(Math.abs((await json(`${origin}/api/time`)).now - clock.now())).toBeLessThan(60_000);
    expect(lines).toEqual(["information greet: greeting Ada"]);
  });

  it("goes on after a stop where it was, when there is a data folder", async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), "hub-"));
    const first = await start({ dataFolder });
    await fetch(`${first.origin}/api/greetings/Grace?hours=1`, { method: "POST" });
    await hosts.pop()?.stop();
    expect(lines).toEqual([]);

    const { origin } = await start({ dataFolder, clock: skippingClock() });
    const status = await untilEnded(`${origin}/runtime/webhooks/durabletask/instances/greet-Grace`);
    expect(status.output).toMatchObject({ text: "hello Grace" });
    await hosts.pop()?.stop();
    rmSync(dataFolder, { recursive: true });
  });
});

describe("the process of a host", () => {
  it("has the app's settings only while the host runs", async () => {
    const before = { ...process.env };
    const OrdinaryDate = Date;
    const { origin } = await start({ clock: skippingClock() });
    expect(process.env).toMatchObject({
      GREETING: "hello",
      WEBSITE_HOSTNAME: origin.replace("http://", ""),
      AZURE_FUNCTIONS_ENVIRONMENT: "Development",
    });
    expect(Date).not.toBe(OrdinaryDate);

    await hosts.pop()?.stop();
    expect(process.env).toEqual(before);
    expect(Date).toBe(OrdinaryDate);
    await expect(fetch(origin)).rejects.toThrow("fetch failed");
  });

  it("is left as it was when the app refuses to start", async () => {
    const before = { ...process.env };
    await expect(start({ settings: {} })).rejects.toThrow("GREETING must be set");
    expect(process.env).toEqual(before);
  });

  it("keeps an environment that is set already", async () => {
    const settings = { GREETING: "hello", AZURE_FUNCTIONS_ENVIRONMENT: "Staging" };
    await start({ settings });
    expect(process.env.AZURE_FUNCTIONS_ENVIRONMENT).toBe("Staging");
  });
});

interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

describe("a host with keys", () => {
  const keys = { master: "local-master-key", function: "local-function-key", system: "local-system-key" };
  const withKeys = {
    appEntry: join(goldenFolder, "app.cjs"),
    hostJson: {},
    settings: {},
    keys,
  };

  it.each(readGolden("management-through-host.json") as readonly Exchange[])(
    "answers as recorded: $name",
    async ({ request, response: expected }) => {
      const { origin } = await start(withKeys);
      const asRecorded = (text: string) => text.replaceAll(origin, "http://localhost:7071");
      const { path, body = null, ...rest } = request;
      const answer = await fetch(`${origin}${path}`, { ...rest, body });
      expect(answer.status).toBe(expected.status);
      for (const [name, value] of Object.entries(expected.headers))
        expect([name, asRecorded(answer.headers.get(name) ?? "")]).toEqual([name, value]);
      const text = asRecorded(await answer.text());
      expect(comparable(text === "" ? text : JSON.parse(text))).toEqual(comparable(expected.body));
    },
  );

  it("lets the SDK's client in without one, and gives it links that carry the system key", async () => {
    const { origin } = await start({ keys, clock: skippingClock() });
    const started = await fetch(`${origin}/api/greetings/Ada?hours=1`, { method: "POST" });
    const { statusQueryGetUri } = await jsonOf(started);
    expect(new URL(statusQueryGetUri).searchParams.get("code")).toBe("local-system-key");
    expect(await untilEnded(statusQueryGetUri)).toMatchObject({ runtimeStatus: "Completed" });
  });
});

it("says that a port is taken, and how to go on", async () => {
  const { origin } = await start();
  const port = Number(new URL(origin).port);
  await expect(start({ port })).rejects.toThrow(`Port ${port} is in use by another program.`);
});

it("has the route prefix of host.json", async () => {
  const { origin } = await start({ hostJson: { extensions: { http: { routePrefix: "v2" } } } });
  expect((await fetch(`${origin}/v2/time`)).status).toBe(200);
  expect((await fetch(`${origin}/api/time`)).status).toBe(404);
});

it("finds the entry and host.json of an app's folder", () => {
  expect(appIn(join(fixtures, "app"))).toEqual({
    appEntry: join(fixtures, "app/index.js"),
    hostJson: { version: "2.0", extensions: { durableTask: { hubName: "TestHubName" } } },
  });
});
