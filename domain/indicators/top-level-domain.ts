import { parse } from "tldts";

/** Whether a label, in lower case, is a top-level domain of the public DNS (https://publicsuffix.org, ICANN's section). */
export function isTopLevelDomain(label: string): boolean {
  // `za` stands in the list only with its second level.
  return label.length <= 63 && parse(`a.co.${label}`).isIcann === true;
}
