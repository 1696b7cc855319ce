import type { TokenCredential } from "@azure/core-auth";
import type { z } from "zod";
import type { Secret } from "../domain/attempt";
import type { IncidentReader } from "../domain/incident/incident";
import type { AnyProvider } from "../domain/lookups/provider";
import type { KeyStanding } from "../domain/lookups/quota";
import type { QuotaLedger } from "../domain/lookups/quota-ledger";
import type { TriageService } from "../domain/report/triage";
import type { AlertMode, Exclusion } from "../domain/run/settings";
import type { RunLogQuery } from "./log-query";

/** The names under which an operator stores a secret. */
export interface SecretName {
  /** The setting that holds it on a laptop. */
  readonly setting: string;
  /** Its name in the vault. */
  readonly vaultName: string;
  /** The provider also works without it. */
  readonly isOptional?: true;
}

/** What a provider is created with. */
export interface ProviderOutside<Name extends string = string> {
  /** The secrets of its description, under the same names. */
  readonly secrets: Readonly<Record<Name, Secret>>;
  /** The app's identity, for a service of Azure. */
  readonly credential: TokenCredential;
  /** Runs queries on a workspace's logs, within the time of one lookup. */
  readonly runLogQuery: RunLogQuery;
  /** Scopes of the workspaces whose incidents are enriched. */
  readonly workspaces: readonly string[];
  readonly ledger: QuotaLedger;
  readonly incidentFrom: IncidentReader;
  /** Product and version. */
  readonly userAgent: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What `npm run check` says about a service. */
export interface ServiceCheck {
  /** `off`: nothing to check, because it is not used. */
  readonly state: "ok" | "failed" | "off";
  /** For people; after a failure also the role or setting to fix. */
  readonly text: string;
}

/** What a description creates. Nothing here calls the service until it is used. */
export interface ProviderParts {
  readonly provider: AnyProvider;
  /** Present if the service also triages whole incidents. */
  readonly triage?: {
    readonly service: TriageService;
    readonly mode: AlertMode;
    /** The `Authorization` value of its webhook. */
    readonly authorization: Secret;
  };
  /** Whether the service accepts the secrets. Spends no quota; never throws. */
  check(): Promise<ServiceCheck>;
  /** What is left of the key's quota; absent if the service does not report it. Spends no quota; never throws. */
  readonly standing?: () => Promise<KeyStanding>;
}

/**
 * Everything that code outside a provider's folder needs to know about it. `clients/providers.ts` lists all providers;
 * docs/adding-a-provider.md says how to add one.
 */
export interface ProviderDescription<
  Shape extends z.ZodRawShape = z.ZodRawShape,
  Name extends string = string,
> {
  /** As in `Provider`. */
  readonly id: string;
  readonly title: string;
  /** Hosts that its reports may link to; one that begins with a dot covers every subdomain. */
  readonly linkHosts: readonly string[];
  /** If any but an optional one is missing, the provider looks up nothing. Empty for a service that needs none. */
  readonly secrets: Readonly<Record<Name, SecretName>>;
  /** Its settings except the secrets, by name. A message completes a sentence that begins with the name. */
  readonly settings: Shape;
  /** Errors in combinations of settings. `hasSecrets`: the secrets are set, or may be in the vault. */
  conflicts?(settings: z.infer<z.ZodObject<Shape>>, hasSecrets: boolean): readonly string[];
  /** Words of the header `x-enricher-without`, each with what it excludes from a run. */
  readonly exclusions: Readonly<Record<string, Exclusion>>;
  create(settings: z.infer<z.ZodObject<Shape>>, outside: ProviderOutside<Name>): ProviderParts;
}

/** Infers the types of settings and secrets, and hides them from the list that holds every provider. */
export function describeProvider<Shape extends z.ZodRawShape, Name extends string>(
  description: ProviderDescription<Shape, Name>,
): ProviderDescription {
  return description as unknown as ProviderDescription;
}
