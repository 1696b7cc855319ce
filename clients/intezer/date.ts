const longest = 40;
const iso = /^(\d{4})[-:](\d\d)[-:](\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,3})?\d*(Z|[+-]\d\d:?\d\d)?$/;
const rfc1123 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * Epoch milliseconds of any of the five ways in which Intezer writes an instant: RFC 1123 (`analysis_time`), ISO with
 * an offset (`alert_update_time`), ISO without a zone (inside alerts), with a space and microseconds (domains,
 * certificates), and with colons in the day (`compilation_timestamp`). Without a zone it is UTC. `undefined` when it is
 * none of them.
 */
export function instantFrom(text: string | undefined): number | undefined {
  if (text === undefined || text.length > longest) return undefined;
  const [, year, month, day, time, fraction = "", zone = "Z"] = iso.exec(text) ?? [];
  const parsable = day ? `${year}-${month}-${day}T${time}${fraction}${zone}` : rfc1123.test(text) ? text : "";
  const instant = Date.parse(parsable);
  return Number.isNaN(instant) ? undefined : instant;
}
