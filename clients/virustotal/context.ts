import type { IndicatorKind } from "../../domain/indicator";
import { instantText } from "../../domain/instant";
import { foreignText } from "../foreign-text";
import type { Attributes } from "./wire";

/** What the context cell tells, by kind of indicator; `undefined` where the report has nothing of it. */
export const contextOf: Readonly<
  Record<IndicatorKind, (attributes: Attributes, now: number) => string | undefined>
> = {
  file: (attributes) => joined([foreignText(attributes.type_description, 60), signatureOf(attributes)]),
  address: ({ asn, as_owner, country }) =>
    joined([
      [asn === undefined ? undefined : `AS${asn}`, foreignText(as_owner, 80)].filter(Boolean).join(" "),
      foreignText(country, 10),
    ]),
  domain: ({ creation_date: registered }, now) =>
    registered === undefined
      ? undefined
      : `registered ${instantText(registered * 1000)} (${ageText(registered * 1000, now)})`,
  url: ({ title }) => {
    const page = foreignText(title, 100);
    return page && `page title: ${page}`;
  },
};

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.filter(Boolean).join(", ") || undefined;
}

/** `Signed` only means that there is a signature: these tags tell that it does not hold. */
const brokenSignatureTags = ["invalid-signature", "revoked-cert"];

function signatureOf({ signature_info: signature, tags = [] }: Attributes): string | undefined {
  const verified = foreignText(signature?.verified, 80);
  if (!verified) return undefined;
  if (verified !== "Signed") return `signature does not hold: ${verified}`;
  // Signer, issuer, root: "Contoso Corporation; Contoso Code Signing CA; Contoso Root CA"
  const signer = foreignText(signature?.signers?.split(";")[0], 60) ?? "an unnamed signer";
  const broken = brokenSignatureTags.filter((tag) => tags.includes(tag));
  return broken.length > 0
    ? `signature of ${signer} does not hold: ${broken.join(", ")}`
    : `signed by ${signer}`;
}

const dayMs = 24 * 60 * 60 * 1000;

function ageText(since: number, now: number): string {
  const days = Math.floor((now - since) / dayMs);
  if (days < 0) return "in the future";
  if (days < 60) return days === 1 ? "1 day old" : `${days} days old`;
  if (days < 730) return `${Math.floor(days / 30.44)} months old`;
  return `${Math.floor(days / 365.25)} years old`;
}
