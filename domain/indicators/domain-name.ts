import { domainToASCII } from "node:url";
import { isTopLevelDomain, refang } from "./defang";
import { leaveOut, lookup, type Reading, unreadable } from "./indicator";

/**
 * Names that mean something on one network only, or nothing in the public DNS: RFC 2606, 6761, 6762, 7686, 8375, 9476,
 * names in common private use (https://www.icann.org/resources/pages/name-collision-2013-12-06-en), and those that home
 * routers and Azure's virtual networks give.
 */
const notPublic: readonly (readonly [reason: string, suffixes: RegExp])[] = [
  ["reverse-lookup name", /\.(in-addr|ip6)\.arpa$/],
  ["onion service", /\.onion$/],
  [
    "internal name",
    /(?:^|\.)(?:fritz\.box|internal\.cloudapp\.net)$|\.(local|localhost|localdomain|lan|internal|intranet|intra|private|corp|home|home\.arpa|mail|workgroup|test|example|invalid|alt)$/,
  ],
];

const label = /^[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?$/;

/** Reads a domain name. The canonical form is lower case, ASCII (IDN as punycode) and without a final dot. */
export function domainFrom(text: string): Reading {
  const name = text.length > maxLength ? undefined : asciiName(refang(text.trim()));
  if (!name) return unreadable("not a valid domain name");
  if (!name.includes(".")) return leaveOut("single-label name");
  const [reason] = notPublic.find(([, suffixes]) => suffixes.test(name)) ?? [];
  if (reason) return leaveOut(reason);
  return isTopLevelDomain(name.slice(name.lastIndexOf(".") + 1))
    ? lookup(name)
    : leaveOut("name outside the public DNS");
}

/** Maximum length of a name as written; in ASCII form it has at most 253 characters. */
const maxLength = 400;

/** The name in lower case and ASCII form, public or not; `undefined` if it is not a domain name. */
export function asciiName(text: string): string | undefined {
  // `domainToASCII` reads "a/b.com" as "a", takes addresses, whose last label is a number, and is slow on long texts.
  if (text.length > maxLength || /[\s/\\?#@:%[\]]/.test(text)) return undefined;
  const name = domainToASCII(text).replace(/\.$/, "");
  const labels = name.split(".");
  const isName =
    name.length <= 253 && labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? "");
  return isName ? name : undefined;
}
