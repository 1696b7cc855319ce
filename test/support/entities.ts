import type { EntitySeed } from "../../local/simulators/sentinel-incidents";

export const fileHash = (hashValue: string, algorithm = "SHA256", name?: string): EntitySeed => ({
  kind: "FileHash",
  ...(name === undefined ? {} : { name }),
  properties: { hashValue, algorithm },
});
export const address = (value: string): EntitySeed => ({ kind: "Ip", properties: { address: value } });
export const domain = (domainName: string): EntitySeed => ({
  kind: "DnsResolution",
  properties: { domainName },
});
export const url = (value: string): EntitySeed => ({ kind: "Url", properties: { url: value } });

/** A SHA-256 that no provider knows: the same for the same text. */
export const unknownHash = (seed: number): string => seed.toString(16).padStart(64, "e");
