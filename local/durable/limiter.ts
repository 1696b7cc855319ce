/** Runs at most `limit` of the calls at a time; the others wait in order. */
export function createLimiter(limit: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running < limit) running++;
    else await new Promise<void>((free) => waiting.push(free));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
