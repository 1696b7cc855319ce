const longest = 200;

/** The link, if it leads to a page of Intezer; `undefined` for anything else. */
export function intezerLink(link: string | undefined): string | undefined {
  if (link === undefined || link.length > longest || !URL.canParse(link)) return undefined;
  const url = new URL(link);
  const isIntezers = url.hostname === "intezer.com" || url.hostname.endsWith(".intezer.com");
  const isPlain = url.protocol === "https:" && url.port === "" && url.username === "" && url.password === "";
  return isIntezers && isPlain && url.href.length <= longest ? url.href : undefined;
}
