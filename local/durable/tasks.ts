import { type Action, actionTypes, type RetryOptions } from "./protocol";

/** Called once when a task has ended: at once, or while a later event is fed. */
export type Done = (succeeded: boolean) => void;

/** What the extension asks of the task framework; each scheduled task takes the next id. */
export interface Framework {
  /** Instant of the turn that is being played. */
  now(): number;
  scheduleActivity(name: string, input: unknown, done: Done): void;
  scheduleSubOrchestration(name: string, instanceId: string | undefined, input: unknown, done: Done): void;
  createTimer(fireAt: number, done: Done): void;
  /** A timer that takes an id and its event, and has ended already. */
  createCancelledTimer(fireAt: number): void;
  waitForEvent(name: string, done: Done): void;
  continueAsNew(input: unknown): void;
}

/**
 * Plays the list of actions as the extension does: one outer action after the other, whether it succeeds or not
 * (`OutOfProcOrchestrationShim.cs`, schema V2 and later). `through` is called when the last one has ended.
 */
export function playActions(actions: readonly Action[], framework: Framework, through: () => void): void {
  const play = (index: number) => {
    const action = actions[index];
    if (action) startAction(action, framework, () => play(index + 1));
    else through();
  };
  play(0);
}

function startAction(action: Action, framework: Framework, done: Done): void {
  switch (action.actionType) {
    case actionTypes.callActivity:
    case actionTypes.callActivityWithRetry:
      startCall(action, framework, done, (ended) =>
        framework.scheduleActivity(action.functionName, action.input, ended),
      );
      break;
    case actionTypes.callSubOrchestrator:
    case actionTypes.callSubOrchestratorWithRetry:
      startCall(action, framework, done, (ended) =>
        framework.scheduleSubOrchestration(action.functionName, action.instanceId, action.input, ended),
      );
      break;
    case actionTypes.continueAsNew:
      framework.continueAsNew(action.input);
      done(true);
      break;
    case actionTypes.createTimer:
      startTimer(Date.parse(action.fireAt), action.isCanceled, framework, done);
      break;
    case actionTypes.waitForExternalEvent:
      framework.waitForEvent(action.externalEventName, done);
      break;
    case actionTypes.whenAny:
      whenAny(action.compoundActions, framework, done);
      break;
    case actionTypes.whenAll:
      whenAll(action.compoundActions, framework, done);
      break;
  }
}

/** Ends with the first; all are started before that counts. */
function whenAny(actions: readonly Action[], framework: Framework, done: Done): void {
  let first: boolean | undefined;
  let started = false;
  for (const action of actions)
    startAction(action, framework, (succeeded) => {
      if (first !== undefined) return;
      first = succeeded;
      if (started) done(first);
    });
  started = true;
  if (first !== undefined) done(first);
}

/** Ends when all have ended, also after a failure. */
function whenAll(actions: readonly Action[], framework: Framework, done: Done): void {
  let open = actions.length;
  let allSucceeded = true;
  for (const action of actions)
    startAction(action, framework, (succeeded) => {
      allSucceeded &&= succeeded;
      open--;
      if (open === 0) done(allSucceeded);
    });
}

function startCall(
  action: { readonly retryOptions?: RetryOptions },
  framework: Framework,
  done: Done,
  attempt: (ended: Done) => void,
): void {
  if (action.retryOptions) retry(action.retryOptions, framework, done, attempt);
  else attempt(done);
}

/** DurableTask.Core `RetryInterceptor.cs`: a timer follows each failure, also the last one, for old histories' sake. */
function retry(
  options: RetryOptions,
  framework: Framework,
  done: Done,
  attempt: (ended: Done) => void,
): void {
  const giveUpAt = framework.now() + (options.retryTimeoutInMilliseconds ?? Number.POSITIVE_INFINITY);
  const tryAgain = (failures: number) =>
    attempt((succeeded) => {
      if (succeeded) done(true);
      else if (failures + 1 === options.maxNumberOfAttempts)
        framework.createTimer(framework.now(), () => done(false));
      // Out of time: the framework gives up without a timer, and the SDK keeps waiting for one.
      else if (framework.now() >= giveUpAt) done(false);
      else
        framework.createTimer(framework.now() + retryDelayMs(options, failures), () =>
          tryAgain(failures + 1),
        );
    });
  tryAgain(0);
}

function retryDelayMs(options: RetryOptions, failures: number): number {
  const delay = options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** failures;
  return Math.min(delay, options.maxRetryIntervalInMilliseconds ?? longestTimerMs);
}

/** Azure Storage holds a message back for at most six days: a longer timer is a chain of three-day timers. */
const longestTimerMs = 6 * 24 * 3600_000;
const intervalMs = 3 * 24 * 3600_000;

function startTimer(fireAt: number, cancelled: boolean, framework: Framework, done: Done): void {
  const isLong = fireAt - framework.now() > longestTimerMs;
  const first = isLong ? framework.now() + intervalMs : fireAt;
  const goOn = () => {
    const left = fireAt - framework.now();
    if (isLong && left > 0) framework.createTimer(framework.now() + Math.min(left, intervalMs), goOn);
    else done(true);
  };
  if (cancelled) {
    framework.createCancelledTimer(first);
    done(false);
  } else framework.createTimer(first, goOn);
}
