const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a span of time such as 90m, 24h or 7d, which an option gives. Throws when it is none. */
export function spanMsFrom(option: string, text: string | undefined): number {
  const [, count, unit = ""] = /^([1-9]\d{0,3})([mhd])$/.exec(text ?? "") ?? [];
  const ms = unitMs[unit];
  if (ms === undefined) throw new Error(`${option} takes a span of time: 90m, 24h or 7d.`);
  return Number(count) * ms;
}
