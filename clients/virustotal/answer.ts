import { createHash } from "node:crypto";
import type { FileHashes, Indicator, IndicatorKind } from "../../domain/indicators/indicator";
import { defined } from "../../domain/json";
import type { Answer, EngineFigures, Outcome } from "../../domain/lookups/provider";
import { counted } from "../../domain/text";
import { ageText, dayText } from "../../domain/time";
import { isBad } from "../../domain/verdict";
import { fileNamesFrom, untrustedText } from "../untrusted-text";
import { cardFrom, relatedPartOf } from "./card";
import { answered, enginesIn, gtiOpinionIn, gtiText } from "./opinions";
import { relatedIn, relatedKeysOf } from "./related";
import type { Thresholds } from "./thresholds";
import { assess } from "./verdict";
import type { Attributes, Report } from "./wire";

const maxAnswerBytes = 1024;

/**
 * What one report says about an indicator. `now` is epoch milliseconds, for the age of a domain. A report about something
 * that has never been analysed does not count as an answer, so that the other providers decide.
 */
export function outcomeFrom(
  report: Report,
  indicator: Indicator,
  thresholds: Thresholds,
  now: number,
): Outcome {
  const { kind } = indicator;
  const { attributes } = report;
  const link = `https://www.virustotal.com/gui/${guiFolders[kind]}/${idInLink(report.id)}`;
  const hashes = kind === "file" ? { hashes: hashesOf(report) } : {};
  if (report.id === emptyFile) return { kind: "notKnown", reason: isEmptyFile, link };
  const assessed = assess(kind, attributes, thresholds);
  if (!assessed) {
    const reason = enginesIn(attributes).complete ? notAnalysed : unreadable;
    return { kind: "notKnown", reason, link, ...hashes };
  }
  const { caveat, ...assessment } = assessed;
  const { last_analysis_date: analysedAt } = attributes;
  const [name] = fileNamesFrom([attributes.meaningful_name, ...(attributes.names ?? [])], 80);
  const context = contextOf[kind](attributes, now);
  const things = relatedIn(report, indicator);
  // Only bad files need their names, which would otherwise be stored in the cache and in the history of every run.
  const isShown = kind === "file" && isBad(assessment.verdict);
  const card = cardFrom(kind, attributes, now, isShown ? relatedPartOf(report, things) : undefined);
  const answer: Answer = {
    ...assessment,
    summary: summaryOf(attributes, caveat),
    link,
    ...defined({
      engines: engineFiguresOf(attributes),
      assessedAt: analysedAt === undefined ? undefined : analysedAt * 1000,
      name,
      context,
    }),
    ...hashes,
  };
  return {
    kind: "answered",
    answer: { ...withinSize(answer), ...defined({ related: relatedKeysOf(things), card }) },
  };
}

const notAnalysed = "VirusTotal has a record, but no engine has analysed it yet";
const unreadable = "VirusTotal has a record, but its engine counts could not be read";

/** Sandboxes call the empty file malware if another program failed to read it. */
const emptyFile = createHash("sha256").digest("hex");
const isEmptyFile = "VirusTotal has a record of the empty file, which says nothing about this one";

/** All hashes that the report has, so that rows of one file can be merged. */
function hashesOf({ id, attributes: { md5, sha1 } }: Report): FileHashes {
  return { ...defined({ md5: hexOf(md5, 32), sha1: hexOf(sha1, 40) }), sha256: id };
}

function hexOf(text: string | undefined, length: number): string | undefined {
  return text?.length === length && /^[\da-f]+$/i.test(text) ? text.toLowerCase() : undefined;
}

/** Folders of the web pages, which differ from the API's collections (https://docs.virustotal.com/reference). */
const guiFolders: Readonly<Record<IndicatorKind, string>> = {
  file: "file",
  address: "ip-address",
  domain: "domain",
  url: "url",
};

/** The colons of an IPv6 address stay. */
function idInLink(id: string): string {
  return encodeURIComponent(id).replaceAll("%3A", ":");
}

/** "54 of 75 engines, 2 suspicious; GTI: malicious, severity high, score 92 of 100". */
function summaryOf(attributes: Attributes, caveat: string | undefined): string {
  const gti = gtiOpinionIn(attributes);
  const engines = [engineSummaryOf(attributes), ...(caveat ? [caveat] : [])].join(", ");
  return engines + (gti ? `; GTI: ${gtiText(gti)}` : "");
}

function engineFiguresOf(attributes: Attributes): EngineFigures | undefined {
  const counts = enginesIn(attributes);
  const { malicious, suspicious, complete } = counts;
  const all = answered(counts);
  return complete && all > 0 ? { malicious, suspicious, all } : undefined;
}

function engineSummaryOf(attributes: Attributes): string {
  const counts = enginesIn(attributes);
  const all = answered(counts);
  if (all === 0) return counts.complete ? "not analysed yet" : "counts unreadable";
  const { malicious, suspicious } = counts;
  return `${malicious} of ${counted(all, "engine")}${suspicious ? `, ${suspicious} suspicious` : ""}`;
}

/** Removes what matters least if the answer is too large: texts are short, but a character may take several bytes. */
function withinSize(answer: Answer): Answer {
  const { context: _context, ...withoutContext } = answer;
  const { name: _name, ...withoutName } = withoutContext;
  const firstReasons = (of: Answer, most: number) => ({ ...of, reasons: of.reasons.slice(0, most) });
  const fits = (candidate: Answer) => Buffer.byteLength(JSON.stringify(candidate)) <= maxAnswerBytes;
  const smaller = [
    answer,
    firstReasons(answer, 4),
    firstReasons(withoutContext, 4),
    firstReasons(withoutName, 3),
  ];
  return smaller.find(fits) ?? firstReasons(withoutName, 1);
}

/** The most important fact about the indicator, by kind; `undefined` if the report does not have it. */
export const contextOf: Readonly<
  Record<IndicatorKind, (attributes: Attributes, now: number) => string | undefined>
> = {
  file: (attributes) => joined([untrustedText(attributes.type_description, 60), signatureOf(attributes)]),
  address: ({ asn, as_owner, country }) =>
    joined([
      [asn === undefined ? undefined : `AS${asn}`, untrustedText(as_owner, 80)].filter(Boolean).join(" "),
      untrustedText(country, 10),
    ]),
  domain: ({ creation_date: registered }, now) =>
    registered === undefined
      ? undefined
      : `registered ${dayText(registered * 1000)}, ${ageText(registered * 1000, now)}`,
  url: ({ title }) => {
    const page = untrustedText(title, 100);
    return page && `page title: ${page}`;
  },
};

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.filter(Boolean).join(", ") || undefined;
}

function signatureOf({ signature_info: signature, tags }: Attributes): string | undefined {
  const broken = brokenSignature({ signature_info: signature, tags });
  if (broken) return broken;
  return isSigned(signature?.verified) ? `signed by ${signerOf(signature?.signers)}` : undefined;
}

function isSigned(verified: string | undefined): boolean {
  return verified?.trim().toLowerCase() === "signed";
}

/** `Signed` only means that there is a signature; these tags mean that it is not valid. */
const brokenSignatureTags = ["invalid-signature", "revoked-cert"];

/** Why the file's signature is not valid; `undefined` if there is none, or a valid one. */
function brokenSignature({
  signature_info: signature,
  tags = [],
}: Pick<Attributes, "signature_info" | "tags">): string | undefined {
  const verified = untrustedText(signature?.verified, 80);
  if (!verified) return undefined;
  if (!isSigned(verified)) return `invalid signature: ${verified}`;
  const lowerCaseTags = tags.map((tag) => tag.toLowerCase());
  const broken = brokenSignatureTags.filter((tag) => lowerCaseTags.includes(tag));
  if (broken.length === 0) return undefined;
  return `invalid signature by ${signerOf(signature?.signers)}: ${broken.join(", ")}`;
}

/** Signer, issuer, root: "Contoso Corporation; Contoso Code Signing CA; Contoso Root CA". */
function signerOf(signers: string | undefined): string {
  return untrustedText(signers?.split(";")[0], 60) ?? "an unnamed signer";
}
