import type { IndicatorKind } from "../../domain/indicators/indicator";
import { ageText, dayText } from "../../domain/time";
import { untrustedText } from "../untrusted-text";
import type { Attributes } from "./wire";

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
