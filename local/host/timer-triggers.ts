import { Cron } from "croner";
import type { Clock } from "../clock";
import type { TaskHub } from "../durable/task-hub";
import type { FunctionApp, RegisteredFunction } from "../function-app";
import type { LogSink } from "./core-api";

interface TimerTriggersOptions {
  readonly app: FunctionApp;
  readonly hub: Pick<TaskHub, "clientBinding">;
  readonly clock: Clock;
  readonly log: LogSink;
}

/**
 * Calls the app's timer functions when their schedules say, in UTC, until `stop`. A skipping clock does not skip to
 * them, but fires them on its way. `stop` ends when no call is under way. Throws for an invalid schedule.
 */
export function startTimerTriggers(options: TimerTriggersOptions): { stop(): Promise<void> } {
  const timers = options.app
    .all()
    .filter(({ trigger }) => trigger.type === "timerTrigger")
    .map((fn) => startTimer(fn, options));
  return {
    async stop() {
      await Promise.all(timers.map((timer) => timer.stop()));
    },
  };
}

function startTimer(fn: RegisteredFunction, options: TimerTriggersOptions): { stop(): Promise<void> } {
  const { clock } = options;
  const schedule = scheduleOf(fn);
  let isStopped = false;
  let call: Promise<void> = Promise.resolve();
  let cancel = () => {};
  const setNext = () => {
    const next = schedule.nextRun(new Date(clock.now()));
    if (!next || isStopped) return;
    cancel = clock.alarm(next.getTime(), ring, { background: true }).cancel;
  };
  const ring = () => {
    const release = clock.hold();
    call = invoke(fn, schedule, options).finally(() => {
      setNext();
      release();
    });
  };
  setNext();
  return {
    stop() {
      isStopped = true;
      cancel();
      return call;
    },
  };
}

/** NCRONTAB: five fields, or six with the seconds first. */
function scheduleOf({ name, trigger }: RegisteredFunction): Cron {
  try {
    return new Cron(String(trigger.schedule), { paused: true, timezone: "UTC" });
  } catch {
    throw new Error(`The schedule of "${name}" is not a cron expression: ${trigger.schedule}`);
  }
}

async function invoke(
  fn: RegisteredFunction,
  schedule: Cron,
  { app, hub, clock, log }: TimerTriggersOptions,
): Promise<void> {
  const last = new Date(clock.now());
  const info = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: last, Next: schedule.nextRun(last), LastUpdated: last },
    IsPastDue: false,
  };
  const clients = fn.extraInputs
    .filter((input) => input.type === "durableClient")
    .map((input) => ({ name: input.name, data: { string: hub.clientBinding() } }));
  const timer = { name: fn.trigger.name, data: { json: JSON.stringify(info) } };
  try {
    await app.invoke(fn, { inputs: [timer, ...clients], triggerMetadata: {} });
  } catch (error) {
    log("error", fn.name, "", error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
