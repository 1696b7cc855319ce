import { domainToASCII } from "node:url";
import { refang } from "./defang";
import { leaveOut, lookup, type Reading } from "./indicator";

/** Names that mean something on one network only, or nothing at all (RFC 2606, 6761, 6762, 8375). */
const notPublic: readonly (readonly [reason: string, suffixes: RegExp])[] = [
  ["reverse-lookup name", /\.(in-addr|ip6)\.arpa$/],
  ["internal name", /\.(local|localhost|lan|internal|corp|home\.arpa|test|example|invalid)$/],
];

const label = /^[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?$/;

/** Reads a domain name; what is looked up is lower case, in ASCII form (IDN as punycode) and without the final dot. */
export function domainFrom(text: string): Reading {
  const name = asciiName(refang(text.trim()));
  if (!name) return leaveOut("no valid domain name");
  if (!name.includes(".")) return leaveOut("single-label name");
  const [reason] = notPublic.find(([, suffixes]) => suffixes.test(name)) ?? [];
  return reason ? leaveOut(reason) : lookup(name);
}

/** The name in lower case and ASCII form, whatever network it belongs to; `undefined` for anything else. */
export function asciiName(text: string): string | undefined {
  // `domainToASCII` reads "a/b.com" as "a", and takes addresses, whose last label is a number.
  if (/[\s/\\?#@:%[\]]/.test(text)) return undefined;
  const name = domainToASCII(text).replace(/\.$/, "");
  const labels = name.split(".");
  const isName =
    name.length <= 253 && labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? "");
  return isName ? name : undefined;
}
