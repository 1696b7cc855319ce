/** The one clock of the process: engine, host and simulators take instants and alarms from it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `ring` once, at `at` or soon after. */
  alarm(at: number, ring: () => void, options?: AlarmOptions): Alarm;
  /** Marks work as under way until the returned function is called: a skipping clock does not jump meanwhile. */
  hold(): () => void;
}

export interface Alarm {
  cancel(): void;
}

interface AlarmOptions {
  /** Rings on the way, but is nothing to skip to: a daily timer alone does not make the days fly by. */
  readonly background?: boolean;
}

/** setTimeout fires at once for longer delays. */
const longestDelay = 2 ** 31 - 1;

/** Ordinary time; delays of any length. */
export function realClock(): Clock {
  return {
    now: () => RealDate.now(),
    alarm(at, ring) {
      let timer: NodeJS.Timeout;
      const wait = () => {
        const left = at - RealDate.now();
        timer = setTimeout(left > longestDelay ? wait : ring, Math.min(Math.max(left, 0), longestDelay));
      };
      wait();
      return { cancel: () => clearTimeout(timer) };
    },
    hold: () => () => {},
  };
}

const RealDate = Date;

/**
 * Time that passes as usual while work is under way and jumps to the next alarm when none is: an hour's wait takes
 * no time, and what takes real milliseconds (an HTTP request) still takes them.
 *
 * @param startAt epoch milliseconds; default now.
 */
export function skippingClock(startAt = RealDate.now()): Clock {
  let skipped = startAt - RealDate.now();
  let holds = 0;
  let order = 0;
  const alarms = new Map<number, { at: number; ring: () => void; background: boolean }>();
  const now = () => RealDate.now() + skipped;

  let scheduled = false;
  const settle = () => {
    if (scheduled) return;
    scheduled = true;
    // Two turns of the event loop, so that an answer on its way through a socket can take its hold first.
    setImmediate(() => setImmediate(jump));
  };
  const jump = () => {
    scheduled = false;
    if (holds > 0 || alarms.size === 0) return;
    const [id, next] = [...alarms].reduce((a, b) => (b[1].at < a[1].at ? b : a));
    if (next.at > now() && ![...alarms.values()].some(({ background }) => !background)) return;
    alarms.delete(id);
    skipped += Math.max(0, next.at - now());
    next.ring();
    settle();
  };

  return {
    now,
    alarm(at, ring, { background = false } = {}) {
      const id = order++;
      alarms.set(id, { at, ring, background });
      settle();
      return { cancel: () => void alarms.delete(id) };
    },
    hold() {
      holds++;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds--;
        if (holds === 0) settle();
      };
    },
  };
}

/** Makes `Date` of the whole process follow the clock; to be called before the app is loaded. */
export function installDate(clock: Clock): () => void {
  class ClockDate extends RealDate {
    constructor(...args: [] | [number | string | Date]) {
      super(...((args.length === 0 ? [clock.now()] : args) as [number]));
    }
    static override now(): number {
      return clock.now();
    }
  }
  globalThis.Date = ClockDate as DateConstructor;
  return () => {
    globalThis.Date = RealDate;
  };
}
